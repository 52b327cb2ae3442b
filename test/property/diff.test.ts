import test from 'ava'
import fc from 'fast-check'
import { hunksOf, piecesOf, withGroups } from '../../src/engine/core/minimise/hunks.ts'
import { unsafePath } from '../../src/engine/core/patch/path.ts'
import { type FileChange, formatPatch, printPatch } from '../../src/engine/core/patch/print.ts'
import { quotePath, unquotePath } from '../../src/engine/core/patch/quote.ts'
import { proposeEdits } from '../../src/engine/core/reply/reply.ts'
import type { ReplyFiles } from '../../src/engine/core/reply/reply-outcome.ts'
import { parsePatch } from '../helpers/parse-patch.ts'
import { tempRepo } from '../helpers/repo.ts'

const seed = { seed: 20_251_123 }
const line = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    '    return x',
    '\ttab',
    'caf\u00e9',
    '-minus',
    '+plus',
    '\\ no',
    '@@ -1 +1 @@',
    '--- a/x',
    '+++ b/x',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\0\n\r]/g, '')),
)
const content = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, final]) => lines.join(end) + (final && lines.length > 0 ? end : ''))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const raw = fc.uint8Array({ min: 1, maxLength: 200 })
const path = fc
  .array(
    fc.string({ minLength: 1, maxLength: 6 }).map((part) => part.replaceAll(/[/\0]/g, '_')),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join('/'))

function printed(changes: readonly FileChange[]): Uint8Array {
  const result = printPatch(changes)
  if (!result.ok) throw new Error(result.reason)
  return result.patch
}

test('a printed patch is parsed to what prints it again', (t) => {
  const side = fc.option(fc.oneof(content.map(bytes), raw), { nil: null })
  const change = fc.record({ path, before: side, after: side })
  fc.assert(
    fc.property(fc.uniqueArray(change, { maxLength: 4, selector: (one) => one.path }), (changes) => {
      const patch = printed(changes)
      const parsed = parsePatch(patch)
      t.true(parsed.ok)
      if (parsed.ok) t.deepEqual(formatPatch(parsed.files), patch)
    }),
    seed,
  )
})

test('a quoted path is unquoted to itself', (t) => {
  fc.assert(
    fc.property(raw, (name) => {
      const text = String.fromCharCode(...name)
      const quoted = quotePath(text)
      t.is(quoted.startsWith('"') ? unquotePath(quoted) : quoted, text)
    }),
    seed,
  )
})

test('any groups of a change give a content, all of them the new one', (t) => {
  fc.assert(
    fc.property(content, content, (before, after) => {
      const groups = hunksOf(bytes(before), bytes(after)).flatMap((hunk) => hunk.groups)
      t.deepEqual(withGroups(bytes(before), bytes(after), new Set(groups)), bytes(after))
      t.deepEqual(withGroups(bytes(before), bytes(after), new Set()), bytes(before))
      const pieces = groups.flatMap((group) => piecesOf(bytes(before), group))
      t.deepEqual(withGroups(bytes(before), bytes(after), new Set(pieces)), bytes(after))
    }),
    seed,
  )
})

/** Lines that a file has once only: every hunk has its place. */
const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 99_999 }), { minLength: 8, maxLength: 40 })

test('a strict diff in a reply gives the intended content', (t) => {
  fc.assert(
    fc.property(
      distinct,
      fc.array(fc.tuple(fc.nat(39), fc.nat(2), fc.array(fc.nat(9), { maxLength: 2 })), { maxLength: 3 }),
      fc.boolean(),
      (numbers, edits, final) => {
        const lines = numbers.map((n) => `value number ${n}`)
        const before = lines.join('\n') + (final ? '\n' : '')
        const after = [...lines]
        for (const [at, removed, added] of edits) after.splice(at, removed, ...added.map((n) => `added ${n}`))
        const text = after.join('\n') + (final ? '\n' : '')
        fc.pre(text !== before && after.length > 0)
        const patch = printed([{ path: 'a.txt', before: bytes(before), after: bytes(text) }])
        const files: ReplyFiles = { list: () => ['a.txt'], text: () => bytes(before) }
        const outcome = proposeEdits(new TextDecoder().decode(patch), files)
        t.true(outcome.ok, new TextDecoder().decode(patch))
        if (outcome.ok) t.is(new TextDecoder().decode(outcome.edits.get('a.txt') ?? new Uint8Array()), text)
      },
    ),
    seed,
  )
})

const scrap = fc.constantFrom(
  '--- a/x.py\n',
  '+++ b/x.py\n',
  '+++ b/../y\n',
  '--- /dev/null\n',
  '+++ /etc/passwd\n',
  '@@ -1,2 +1,2 @@\n',
  '@@\n',
  ' a = 1\n',
  '-a = 1\n',
  '+b = 2\n',
  '```diff\n',
  '```\n',
  '*** Begin Patch\n',
  '*** Update File: x.py\n',
  '*** Add File: .git/config\n',
  '*** Delete File: ../x\n',
  '*** Move to: ../../z\n',
  '*** End Patch\n',
  'x.py\n',
  '<<<<<<< SEARCH\n',
  '=======\n',
  '>>>>>>> REPLACE\n',
  'diff --git a/x.py b/.git/hooks/a\n',
  'rename to ../q\n',
  'rename from x.py\n',
  'new file mode 120000\n',
  '{"path": "../a", "content": "x"}\n',
  "cat > ../x <<'EOF'\n",
  'EOF\n',
  '<think>\n',
  '</think>\n',
  '\n',
  'talk\n',
  '\\ No newline at end of file\n',
)

test('no reply makes an edit outside of safe paths, and none makes it throw', (t) => {
  const files: ReplyFiles = {
    list: () => ['x.py', 'd/y.py'],
    text: (name) => (name === 'x.py' || name === 'd/y.py' ? bytes('a = 1\nb = 1\n') : null),
  }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(scrap, { maxLength: 14 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', maxLength: 80 }),
      ),
      (reply) => {
        const outcome = proposeEdits(reply, files)
        if (!outcome.ok) {
          t.true(outcome.message.length > 0)
          return
        }
        for (const name of outcome.edits.keys()) t.is(unsafePath(name), null, reply)
      },
    ),
    { ...seed, numRuns: 3000 },
  )
})

test('a path with a hostile component is never safe', (t) => {
  const hostile = fc.constantFrom(
    '..',
    '.git',
    '.GIT',
    '.git.',
    '.git ',
    'git~1',
    '.g\u200dit',
    '.git::$INDEX_ALLOCATION',
    'a\\b',
    'a\nb',
    'a\0',
  )
  fc.assert(
    fc.property(fc.array(path, { maxLength: 2 }), hostile, fc.array(path, { maxLength: 2 }), (above, part, below) => {
      t.not(unsafePath([...above, part, ...below].join('/')), null)
    }),
    seed,
  )
})

test('git apply makes of a printed patch what was intended', async (t) => {
  const samples = fc
    .sample(fc.tuple(content, content), { ...seed, numRuns: 40 })
    .map(([a, b]) => [bytes(a), bytes(b)] as const)
  const before = Object.fromEntries(samples.map(([a], n) => [`f${n}`, a]))
  const repo = await tempRepo(t, before)
  const patch = printed(samples.map(([a, b], n) => ({ path: `f${n}`, before: a, after: b })))
  await repo.gitWith(patch, 'apply', '--cached', '--whitespace=nowarn', '-')
  for (const [n, [, after]] of samples.entries()) {
    t.is(await repo.git('rev-parse', `:f${n}`), await repo.gitWith(after, 'hash-object', '--stdin', '--no-filters'))
  }
})
