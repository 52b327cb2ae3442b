import test from 'ava'
import { proposeEdits } from '../../../../src/engine/core/reply/reply.ts'
import { malformed, randomFrom } from '../../../helpers/malformed-diffs.ts'
import { filesOf, HUNK, MENDED, outcomeOf, PATCH, SHOP, TREE } from './replies.ts'

const mended = { 'src/shop.py': MENDED }
const shop = (hunks: string): unknown => outcomeOf(`--- a/src/shop.py\n+++ b/src/shop.py\n${hunks}`)
const CART = TREE['src/cart.go'] ?? ''

const lenient: Record<string, string> = {
  'wrong numbers': HUNK.replace('@@ -9,7 +9,7 @@', '@@ -90,3 +70,12 @@'),
  'no numbers': HUNK.replace('@@ -9,7 +9,7 @@', '@@'),
  'dots for numbers': HUNK.replace('@@ -9,7 +9,7 @@', '@@ ... @@'),
  'blank context lines without their blank': HUNK.replaceAll(/^ $/gm, ''),
  'trailing blanks in context': HUNK.replace('result = 0', 'result = 0  '),
  'no leading blank on context': HUNK.replaceAll(/^ /gm, ''),
  'two blanks inside a context line': HUNK.replace('for price', 'for  price'),
  'one context line indented less': HUNK.replace('     for price', '   for price'),
  'the whole hunk outdented': HUNK.replaceAll(/^([-+ ]) {4}/gm, '$1'),
  'a blank after each sign': HUNK.replaceAll(/^([-+ ])(?=.)/gm, '$1 '),
  'tabs for blanks': HUNK.replaceAll(/(?<=^[-+ ]\t*) {4}/gm, '\t').replaceAll(/(?<=^[-+ ]\t*) {4}/gm, '\t'),
  'a forgotten comment': `@@ -7,6 +7,6 @@\n def total(prices):\n${HUNK.slice(HUNK.indexOf('     result'))}`,
  'no context at all': '@@ -12 +12 @@\n-    return result - 1\n+    return result\n',
}
for (const [what, hunk] of Object.entries(lenient)) {
  test(`a hunk with ${what} finds its place`, (t) => t.deepEqual(shop(hunk), mended))
}

test('a hunk may be outdented, lack a comment and have wrong numbers at once', (t) => {
  const hunk =
    '@@ -3,9 +4,2 @@\n\n def __init__(self):\n     self.items = []\n\n def add(self, item):\n-    if item is None:\n+    if not item:\n         return self\n'
  t.deepEqual(shop(hunk), { 'src/shop.py': SHOP.replace('if item is None', 'if not item') })
})

test('typographic quotes in context keep the text of the file', (t) => {
  const tree = { 'a.js': "const a = 'x';\nconst other = 1;\n" }
  const reply = '--- a/a.js\n+++ b/a.js\n@@ -1,2 +1,2 @@\n const a = ‘x’;\n-const other = 1;\n+const other = 2;\n'
  t.deepEqual(outcomeOf(reply, tree), { 'a.js': "const a = 'x';\nconst other = 2;\n" })
})

test('blanks for tabs become tabs', (t) => {
  const reply =
    '--- a/src/cart.go\n+++ b/src/cart.go\n@@ -4,4 +4,5 @@\n     sum := 0\n     for _, x := range xs {\n-        sum -= x\n+        sum += x\n+        count(x)\n     }\n'
  t.deepEqual(outcomeOf(reply), { 'src/cart.go': CART.replace('\t\tsum -= x', '\t\tsum += x\n\t\tcount(x)') })
})

test('a file keeps its CRLF, whatever the reply has', (t) => {
  const reply =
    '--- a/src/Tax.cs\n+++ b/src/Tax.cs\n@@ -3,2 +3,3 @@\n-    decimal Rate = 1;\n+    decimal Rate = 2;\n+    int Id;\n     decimal Gross(decimal net) => net * Rate;\n'
  const text = (TREE['src/Tax.cs'] ?? '').replace('Rate = 1;', 'Rate = 2;\r\n    int Id;')
  t.deepEqual(outcomeOf(reply), { 'src/Tax.cs': text })
  t.deepEqual(outcomeOf(reply.replaceAll('\n', '\r\n')), { 'src/Tax.cs': text })
})

test('a file without a final newline stays without one', (t) => {
  const head = '--- a/conf/a.yaml\n+++ b/conf/a.yaml\n@@ -2,2 +2,2 @@\n port: 1\n'
  t.deepEqual(outcomeOf(`${head}-last: yes\n+last: no\n`), { 'conf/a.yaml': 'name: a\nport: 1\nlast: no' })
  t.deepEqual(outcomeOf(`${head} last: yes\n+more: 1\n`), { 'conf/a.yaml': 'name: a\nport: 1\nlast: yes\nmore: 1' })
})

test('a final newline is added where the marker stands on the old side only', (t) => {
  const reply =
    '--- a/conf/a.yaml\n+++ b/conf/a.yaml\n@@ -2,2 +2,2 @@\n port: 1\n-last: yes\n\\ No newline at end of file\n+last: yes\n'
  t.deepEqual(outcomeOf(reply), { 'conf/a.yaml': 'name: a\nport: 1\nlast: yes\n' })
})

test('bytes that are not UTF-8 pass untouched', (t) => {
  const before = Buffer.from('# caf\xe9\nport = 1\nhost = 2\n', 'latin1')
  const outcome = proposeEdits(
    '--- a/x.py\n+++ b/x.py\n@@ -2,2 +2,2 @@\n-port = 1\n+port = 3\n host = 2\n',
    filesOf({ 'x.py': before }),
  )
  t.true(outcome.ok)
  if (outcome.ok)
    t.is(Buffer.from(outcome.edits.get('x.py') ?? []).toString('latin1'), '# caf\xe9\nport = 3\nhost = 2\n')
})

const guard = ' if item is None:\n-            return self\n+            return None\n'.replace(/^ /, '         ')
const both = { 'src/shop.py': SHOP.replaceAll('            return self', '            return None') }
const second = {
  'src/shop.py': SHOP.replace(/(def remove[\s\S]*?) {12}return self/, '$1            return None'),
}

test('of two places, the exact number of the header names one', (t) => {
  t.deepEqual(shop(`@@ -30,2 +30,2 @@\n${guard}`), second)
})

test('a number that names no place is no hint', (t) => {
  t.is(shop(`@@ -28,2 +28,2 @@\n${guard}`), 'ambiguous')
})

test('of two places, the scope after @@ names one', (t) => {
  t.deepEqual(shop(`@@ def remove(self, item):\n${guard}`), second)
})

test('two hunks for two places go there in order', (t) => {
  t.deepEqual(shop(`@@\n${guard}@@\n${guard}`), both)
})

test('a refusal names the places that would do', (t) => {
  const outcome = proposeEdits(`--- a/src/shop.py\n+++ b/src/shop.py\n@@\n${guard}`, filesOf())
  t.like(outcome, {
    ok: false,
    reason: 'ambiguous',
    candidates: [
      { path: 'src/shop.py', line: 24 },
      { path: 'src/shop.py', line: 30 },
    ],
  })
})

test('a refusal names the first line that differs', (t) => {
  const outcome = proposeEdits(PATCH.replace('result += price', 'result += prices'), filesOf())
  t.like(outcome, {
    reason: 'no-match',
    firstDifference: {
      patchLine: 3,
      patchText: '        result += prices',
      fileLine: 11,
      fileText: '        result += price',
    },
  })
})

test('what was forgiven is noted', (t) => {
  const reply = '--- a/src/shop.py\n+++ b/src/shop.py\n@@\n     result += price\n-return result - 1\n+return result\n'
  const outcome = proposeEdits(reply, filesOf())
  t.deepEqual(outcome.ok && outcome.notes, ['src/shop.py:11: indented by "    "'])
})

test('no stacked malformation of a random edit is placed wrongly', (t) => {
  const random = randomFrom(7)
  const lines = SHOP.slice(0, -1).split('\n')
  const wrong: string[] = []
  let right = 0
  for (let n = 0; n < 400; n += 1) {
    const one = malformed(random, 'src/shop.py', lines)
    if (one === null) continue
    const result = outcomeOf(one.reply)
    if (typeof result === 'object' && (result as Record<string, string>)['src/shop.py'] === one.expected) right += 1
    else if (typeof result === 'object') wrong.push(one.reply)
  }
  t.deepEqual(wrong, [])
  t.true(right > 300)
})
