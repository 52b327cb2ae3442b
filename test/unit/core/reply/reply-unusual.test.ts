import test from 'ava'
import { HUNK, MENDED, outcomeOf, PATCH, SHOP } from './replies.ts'

const mended = { 'src/shop.py': MENDED }
const [OLD, YOUNG] = ['    return result - 1', '    return result']
const marks = (n: number, middle = n): string =>
  `src/shop.py\n${'<'.repeat(n)} SEARCH\n${OLD}\n${'='.repeat(middle)}\n${YOUNG}\n${'>'.repeat(n)} REPLACE\n`
const codex = (body: string): string => `*** Begin Patch\n*** Update File: src/shop.py\n${body}*** End Patch\n`
const decoy = PATCH.replace('+    return result', '+    return 9')
const listed = HUNK.split('\n').slice(1, -1)
const numbered = (line: string, at: number): string => `${String(8 + at).padStart(3)}| ${line}`
const head = '--- a/src/shop.py\n+++ b/src/shop.py\n@@ -9,7 +9,7 @@\n'
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const replies: Record<string, string> = {
  'SEARCH in five marks': marks(5),
  'SEARCH in nine marks': marks(9),
  'SEARCH in three marks': marks(3),
  'SEARCH in twelve marks': marks(12),
  'SEARCH with another number of marks in the middle': marks(7, 5),
  'SEARCH in lower case': marks(7).replace('SEARCH', 'search').replace('REPLACE', 'replace'),
  'SEARCH in a fence that names the file': `\`\`\`python:src/shop.py\n${marks(7).replace('src/shop.py\n', '')}\`\`\``,
  'tags of search and replace': `<path>src/shop.py</path>\n<search>\n${OLD}\n</search>\n<replace>\n${YOUNG}\n</replace>\n`,
  'tags in a tag of an edit': `<edit>\n<file_path>src/shop.py</file_path>\n<old_text>\n${OLD}\n</old_text>\n<new_text>\n${YOUNG}\n</new_text>\n</edit>`,
  'the parameters of a tool call': `<invoke name="edit">\n<parameter name="path">src/shop.py</parameter>\n<parameter name="old_str">${OLD}</parameter>\n<parameter name="new_str">${YOUNG}</parameter>\n</invoke>`,
  'a tool call in JSON in a tag': `<tool_call>\n${JSON.stringify({ name: 'edit', arguments: { path: 'src/shop.py', old_string: OLD, new_string: YOUNG } })}\n</tool_call>`,
  'a file in tags of path and content': `<file>\n<path>src/shop.py</path>\n<content>\n${MENDED}</content>\n</file>`,
  'a file in a tag with a fence in it': `<file name="src/shop.py">\n\`\`\`python\n${MENDED}\`\`\`\n</file>`,
  'a file in a tag with CDATA': `<file path="src/shop.py"><![CDATA[\n${MENDED}]]></file>`,
  'JSON with a list of edits': JSON.stringify({ path: 'src/shop.py', edits: [{ oldText: OLD, newText: YOUNG }] }),
  'JSON with line ends escaped twice': JSON.stringify({ patch: PATCH }).replaceAll('\\n', '\\\\n'),
  'JSON with a comma too many': `{"patch": ${JSON.stringify(PATCH)},}`,
  'JSON with a comment': `{\n  // the mend\n  "patch": ${JSON.stringify(PATCH)}\n}`,
  'JSON with quotes of Python': `{'path': 'src/shop.py', 'search': '${OLD}', 'replace': '${YOUNG}'}`,
  'JSON in a string of JSON': JSON.stringify({ name: 'apply_patch', arguments: JSON.stringify({ input: PATCH }) }),
  'JSON a line': `{"type":"text","text":"hi"}\n${JSON.stringify({ type: 'patch', patch: PATCH })}\n`,
  'a string of JSON': JSON.stringify(PATCH),
  'line ends that are escapes': PATCH.replaceAll('\n', '\\n'),
  'codex without blanks': codex(`@@\n-${OLD}\n+${YOUNG}\n`).replaceAll('*** ', '***'),
  'a thought whose opening tag is lost': `Maybe\n\`\`\`diff\n${decoy}\`\`\`\nno.\n</think>\n\n\`\`\`diff\n${PATCH}\`\`\``,
  'channels, the last of them final': `<|channel|>analysis<|message|>Maybe ${decoy}<|end|><|start|>assistant<|channel|>final<|message|>${PATCH}<|return|>`,
  'an answer that takes the first one back': `\`\`\`diff\n${decoy}\`\`\`\nWait, that is wrong. The corrected patch:\n\`\`\`diff\n${PATCH}\`\`\``,
  'numbers of a listing behind the signs':
    head + listed.map((line, at) => line.charAt(0) + numbered(line.slice(1), at)).join('\n'),
  'numbers of a listing before the signs': head + listed.map(numbered).join('\n'),
  'an indented diff': `The mend:\n\n${PATCH.replace(/^(?=.)/gm, '    ')}`,
  'a block of YAML': `why: off by one\npatch: |\n${PATCH.replace(/^(?=.)/gm, '  ')}`,
  'a closing fence at the end of a line': `\`\`\`diff\n${PATCH.trimEnd()}\`\`\``,
  'the names of diff -u': `diff -u src/shop.py.orig src/shop.py\n--- src/shop.py.orig\n+++ src/shop.py\n${HUNK}`,
}
for (const [what, reply] of Object.entries(replies)) test(`${what}: read`, (t) => t.deepEqual(outcomeOf(reply), mended))

for (const none of ['/dev/null\t2024-01-01', 'a/dev/null', 'dev/null', 'NUL', '"/dev/null"'])
  test(`${JSON.stringify(none)} is no file`, (t) => {
    t.deepEqual(outcomeOf(`--- ${none}\n+++ b/src/new.py\n@@ -0,0 +1 @@\n+x = 1\n`), { 'src/new.py': 'x = 1\n' })
  })

test('several scopes of one codex patch, some stacked, each find their place', (t) => {
  const reply = codex(
    '@@ def gross(price):\n-    return price * RATE\n+    return price * (1 + RATE)\n@@ class Basket:\n@@     def remove(self, item):\n         if item is None:\n-            return self\n+            return None\n',
  )
  const [before = '', after = ''] = SHOP.replace('price * RATE', 'price * (1 + RATE)').split(/(?= {4}def remove)/)
  t.deepEqual(outcomeOf(reply), { 'src/shop.py': before + after.replace('return self', 'return None') })
})

test('two readings of an indent that lines nearby both have are refused', (t) => {
  const text = "def f():\n    '''\n    {zero: {'weight': 1.0},\n     1: {'weight': 1.0}}\n    '''\n"
  const reply = "--- a.py\n+++ a.py\n@@ -40,1 +40,2 @@\n {zero: {'weight': 1.0},\n+ value = compute(9)\n"
  t.is(outcomeOf(reply, { 'a.py': text }), 'ambiguous')
})

test('what a heredoc writes keeps the fences in it', (t) => {
  t.deepEqual(outcomeOf("cat > README.md <<'EOF'\n# x\n```sh\nls\n```\nEOF\n"), {
    'README.md': '# x\n```sh\nls\n```\n',
  })
})

test('a line of equal signs in a SEARCH block parts nothing where the marks are of another length', (t) => {
  const tree = { 'a.rst': 'Title\n=====\n\nold text stands here\n' }
  const reply =
    'a.rst\n<<<<<<< SEARCH\nTitle\n=====\n\nold text stands here\n=======\nTitle\n=====\n\nnew text\n>>>>>>> REPLACE\n'
  t.deepEqual(outcomeOf(reply, tree), { 'a.rst': 'Title\n=====\n\nnew text\n' })
})

test('a reply that was escaped as HTML is read where only that fits', (t) => {
  const tree = { 'a.js': 'function f(a, b) {\n  if (a < b && b > 0) {\n    return a - 1\n  }\n  return "b"\n}\n' }
  const reply =
    '--- a/a.js\n+++ b/a.js\n@@ -1,4 +1,4 @@\n function f(a, b) {\n   if (a < b && b > 0) {\n-    return a - 1\n+    return a\n   }\n'
  for (const text of [escaped(reply), `<pre><code>${escaped(reply)}</code></pre>`])
    t.deepEqual(outcomeOf(text, tree), { 'a.js': tree['a.js'].replace('a - 1', 'a') })
  const indexedFile = { 'a.html': '<p>\na &lt; b is meant\n</p>\n' }
  t.deepEqual(outcomeOf('--- a/a.html\n+++ b/a.html\n@@\n-a &lt; b is meant\n+a &gt; b is meant\n', indexedFile), {
    'a.html': '<p>\na &gt; b is meant\n</p>\n',
  })
})

const refused: Record<string, readonly [string, string]> = {
  'an edit placed by line numbers alone': [
    JSON.stringify({ path: 'src/shop.py', start_line: 12, end_line: 12, content: YOUNG }),
    'format',
  ],
  'a piece of a file as its content in JSON': [JSON.stringify({ path: 'src/shop.py', content: YOUNG }), 'unanchored'],
  'an explanation under the name of a file': [
    JSON.stringify({ 'src/shop.py': 'The sum is off by one.' }),
    'unanchored',
  ],
  'a piece of a file in a tag that names it': [`<file path="src/shop.py">\n${YOUNG}\n</file>`, 'unanchored'],
  'content in base64': [JSON.stringify({ path: 'src/new.py', content: 'eCA9IDEK', encoding: 'base64' }), 'format'],
  'a command of sed': ["```sh\nsed -i 's/result - 1/result/' src/shop.py\n```", 'no-path'],
  'two options, neither taken back': [
    `Option A:\n\`\`\`diff\n${decoy}\`\`\`\nOr B:\n\`\`\`diff\n${PATCH}\`\`\``,
    'conflict',
  ],
}
for (const [what, [reply, reason]] of Object.entries(refused))
  test(`${what} is refused as ${reason}`, (t) => t.is(outcomeOf(reply), reason))

test('a small file may be given whole in JSON', (t) => {
  const tree = { 'a.py': 'def add(a, b):\n    return a - b\n' }
  t.deepEqual(outcomeOf(JSON.stringify({ path: 'a.py', content: 'def add(a, b):\n    return a + b\n' }), tree), {
    'a.py': 'def add(a, b):\n    return a + b\n',
  })
})

const garbage: Record<string, string> = {
  'opening tags': '<old>'.repeat(90_000),
  'empty tags': '<old></old>'.repeat(45_000),
  'nearly JSON': '{"a": 1,}'.repeat(20_000),
  'open JSON': '{"a": ['.repeat(25_000),
  'prose about lines': `\`\`\`diff\n--- a/src/shop.py\n+++ b/src/shop.py\n@@\n-import math\n+import cmath\n\`\`\`\n${'the last line of the patch is not one that should be what the first line of it is. '.repeat(20_000)}`,
  'nearly words': `${'the last '.repeat(200_000)}`,
  'escaped line ends': '\\n--- a'.repeat(200_000),
  'numbers of a listing': `${head}${' 12| x\n'.repeat(90_000)}`,
  retractions: '```diff\n--- a/src/shop.py\n+++ b/src/shop.py\n@@\n-import math\n+import cmath\n```\nwait\n'.repeat(
    1_500,
  ),
}
for (const [what, reply] of Object.entries(garbage))
  test(`a reply of nothing but ${what} is refused in seconds`, (t) => {
    const started = performance.now()
    t.is(typeof outcomeOf(reply), 'string')
    t.true(performance.now() - started < 20_000)
  })
