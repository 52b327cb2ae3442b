import { execFileSync, spawnSync } from 'node:child_process'
import * as path from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { patchedFiles } from '../../src/engine/git/apply-in-memory.ts'
import { discover } from '../../src/engine/git/discover.ts'
import { openGitContext } from '../../src/engine/git/git-context.ts'
import { tempRepo } from '../helpers/repo.ts'
import { open, scratchOf } from '../unit/git/open.ts'

const content = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', '', '  c', '-x', '+y', '@@ -1 +1 @@', 'd\r'), { maxLength: 14 }),
    fc.boolean(),
  )
  .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''))
const name = fc.constantFrom('a', 'b', 'd/x', 'd/y', 'a/z', '.gitignore', 'ü')
const files = fc.dictionary(name, content, { maxKeys: 4 })
/** What becomes of each file: some lines in place of one of them, another content, or nothing. */
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ at: fc.nat(13), lines: fc.array(fc.constantFrom('a', 'new', ''), { maxLength: 2 }) }),
  },
  content,
  fc.constant(null),
)
const changes = fc.array(change, { minLength: 1, maxLength: 4 })

function changed(
  before: Readonly<Record<string, string>>,
  all: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
) {
  return Object.entries(before).flatMap(([file, text], nth): [string, string][] => {
    const how = all[nth % all.length] ?? null
    if (how === null) return []
    if (typeof how === 'string') return [[file, how]]
    return [
      [
        file,
        text
          .split('\n')
          .toSpliced(how.at, 1, ...how.lines)
          .join('\n'),
      ],
    ]
  })
}

const harm = fc.constantFrom<(patch: string) => string>(
  (patch) => patch,
  (patch) => patch,
  (patch) => patch.replace(/^@@ -(\d+)/m, (_, start) => `@@ -${Number(start) + 1}`),
  (patch) => patch.replace(/\n [^\n]*\n$/, '\n'),
  (patch) => patch.replace(/^-a$/m, '-b'),
  (patch) => patch.replace(/^index .*\n/gm, ''),
  (patch) => patch.replace(/^new file mode 100644$/m, 'new file mode 100755'),
)

test('whatever is applied in memory, git applies with the same result, and nothing else changes', async (t) => {
  const repo = await tempRepo(t, { first: 'x\n' })
  const { patches } = await open(t, repo)
  const host = { cwd: repo.dir, env: repo.env, scratch: scratchOf(repo) }
  const gitContext = await openGitContext(host, await discover(host))
  t.teardown(() => gitContext.dispose())
  const env = { ...repo.env, GIT_INDEX_FILE: path.join(repo.home, 'index') }
  const git = (args: readonly string[], input: string | Uint8Array = '') =>
    execFileSync('git', args, { cwd: repo.dir, env, input, maxBuffer: 1 << 26 })
  const text = (args: readonly string[], input?: string | Uint8Array) => git(args, input).toString('utf8').trim()
  const treeOf = (all: Readonly<Record<string, string>>) => {
    text(['read-tree', '--empty'])
    const rows = Object.entries(all).map(
      ([file, one]) => `100644 ${text(['hash-object', '-w', '--stdin'], one)}\t${file}\0`,
    )
    text(['update-index', '-z', '--index-info'], rows.join(''))
    return text(['write-tree'])
  }
  const byGit = (tree: string, patch: Uint8Array): string | null => {
    text(['read-tree', tree])
    const applied = spawnSync('git', ['apply', '--cached', '--whitespace=nowarn', '-p1', '-'], {
      cwd: repo.dir,
      env,
      input: patch,
    })
    return applied.status === 0 ? text(['write-tree']) : null
  }
  let inMemory = 0
  await fc.assert(
    fc.asyncProperty(files, changes, files, fc.nat(3), harm, async (before, all, more, context, spoil) => {
      const [from, to] = [treeOf(before), treeOf({ ...more, ...Object.fromEntries(changed(before, all)) })]
      const raw = git(['diff-tree', '-r', '-p', '--full-index', '--binary', '--no-renames', `-U${context}`, from, to])
      const patch = Buffer.from(spoil(raw.toString('latin1')), 'latin1')
      if ((await patchedFiles(gitContext, from, patch)) !== null) inMemory++
      const ours = await patches.apply(from, patch)
      t.is(ours.ok ? ours.tree : null, byGit(from, patch), patch.toString('utf8'))
    }),
    { seed: 20_261_130, numRuns: 40 },
  )
  t.true(inMemory > 8, `only ${inMemory} were applied in memory`)
})
