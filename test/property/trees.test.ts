import { execFileSync } from 'node:child_process'
import * as path from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { pathBytes } from '../../src/engine/core/gitobject/index.ts'
import { parseRaw, parseTree } from '../../src/engine/git/parse-output.ts'
import type { FileMode } from '../../src/engine/model/change.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { open } from '../unit/git/open.ts'

/** Names that sort in another way as a file than as a directory, odd ones, and one that is not UTF-8. */
const NAMES = ['a', 'a-', 'a.b', 'a0', 'A', 'ü', 'b c', 'tab\there', '"q"', '\udcff', '\ufeffbom', 'git']
const BLOBS = ['one\n', 'two\n', 'a', '']
const seed = { seed: 20_261_130, numRuns: 25 }
const filePath = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const entry = fc.record({
  mode: fc.constantFrom<FileMode>('100644', '100755', '120000', '160000'),
  nth: fc.nat(BLOBS.length - 1),
})
const files = fc.dictionary(filePath, entry, { maxKeys: 12 })
const edits = fc.dictionary(filePath, fc.option(entry), { minKeys: 1, maxKeys: 6 })
type Entries = Readonly<Record<string, { readonly mode: FileMode; readonly nth: number } | null>>

/** A repository with some blobs, and what plain git makes of lists of entries in an index of its own. */
async function workshop(repo: TestRepo) {
  const blobs = await Promise.all(BLOBS.map((text) => repo.gitWith(text, 'hash-object', '-w', '--stdin')))
  const env = { ...repo.env, GIT_INDEX_FILE: path.join(repo.home, 'index') }
  const git = (args: readonly string[], input: Uint8Array = Buffer.alloc(0)) =>
    execFileSync('git', args, { cwd: repo.dir, env, input })
  const text = (args: readonly string[], input?: Uint8Array) => git(args, input).toString('utf8').trim()
  const oidOf = ({ mode, nth }: { mode: FileMode; nth: number }) =>
    mode === '160000' ? String(nth + 1).repeat(40) : (blobs[nth] ?? '')
  return {
    git,
    oidOf,
    /** Removals come first, as in our edits. */
    tree(entries: Entries, onto: string | null = null): string {
      text(['read-tree', ...(onto === null ? ['--empty'] : [onto])])
      const rows = Object.entries(entries).sort(([, a], [, b]) => Number(a !== null) - Number(b !== null))
      const lines = rows.map(([file, one]) =>
        Buffer.concat([
          Buffer.from(`${one?.mode ?? '0'} ${one ? oidOf(one) : '0'.repeat(40)}\t`),
          pathBytes(file),
          Buffer.from([0]),
        ]),
      )
      text(['update-index', '-z', '--index-info'], Buffer.concat(lines))
      return text(['write-tree'])
    },
    /** The same tree with an empty directory and a mode that git no longer writes. */
    odd(tree: string): string {
      const empty = text(['hash-object', '-w', '-t', 'tree', '--stdin'])
      const rows = git(['ls-tree', '-z', tree])
      const withEmpty = text(
        ['mktree', '-z', '--missing'],
        Buffer.concat([rows, Buffer.from(`040000 tree ${empty}\tempty\0`)]),
      )
      const old = git(['cat-file', 'tree', withEmpty]).toString('latin1').replace('100644 ', '100664 ')
      return text(['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], Buffer.from(old, 'latin1'))
    },
  }
}

/** Two paths of which one would have to be a file and a directory at once; which of them git keeps is not our business. */
function clash(entries: Entries): boolean {
  const there = Object.entries(entries).flatMap(([file, one]) => (one === null ? [] : [file]))
  return there.some((file) => there.some((other) => other.startsWith(`${file}/`)))
}

test('the files of a tree and the changes between two are those that git lists, in its order', async (t) => {
  const repo = await tempRepo(t, { first: 'x\n' })
  const { git, tree, odd } = await workshop(repo)
  const { objects } = await open(t, repo)
  await fc.assert(
    fc.asyncProperty(files, files, fc.boolean(), async (before, after, withEmpty) => {
      const [one, two] = [tree(before), tree(after)]
      const sides = [one, withEmpty ? odd(two) : two] as const
      for (const side of sides)
        t.deepEqual(await objects.list(side), parseTree(git(['ls-tree', '-r', '-z', '--full-tree', side])))
      const raw = ['diff-tree', '-r', '--raw', '-z', '--no-renames', '--no-abbrev']
      t.deepEqual(await objects.changes(...sides), parseRaw(git([...raw, ...sides])))
    }),
    seed,
  )
})

test('a tree after edits is the one that git writes, object by object', async (t) => {
  const repo = await tempRepo(t, { first: 'x\n' })
  const { tree, oidOf } = await workshop(repo)
  const { objects } = await open(t, repo)
  await fc.assert(
    fc.asyncProperty(files, edits, fc.boolean(), async (before, changes, byContent) => {
      fc.pre(!clash(changes))
      const base = tree(before)
      const asked = Object.entries(changes).map(([file, one]) => {
        if (one === null) return [file, null] as const
        const { mode, nth } = one
        const plain = byContent && (mode === '100644' || mode === '100755')
        return [file, plain ? { bytes: Buffer.from(BLOBS[nth] ?? ''), mode } : { oid: oidOf(one), mode }] as const
      })
      t.is(await objects.edit(base, new Map(asked)), tree(changes, base))
    }),
    seed,
  )
  t.true(await fsckClean(repo))
})
