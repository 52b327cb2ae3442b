import test from 'ava'
import { proposeEdits } from '../../../../src/engine/core/reply/reply.ts'
import { filesOf, HUNK, outcomeOf, PATCH, SHOP } from './replies.ts'

const created = (path: string): string => `--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+x\n`
const shop = (hunk: string): string => `--- a/src/shop.py\n+++ b/src/shop.py\n${hunk}`
const option = PATCH.replace('+    return result', '+    return sum(prices)')

const refusals: Record<string, readonly [string, string]> = {
  'an empty reply': ['', 'no-diff'],
  'talk alone': ['I found no bug.', 'no-diff'],
  'a piece of code without a path': ['Try\n```python\n    return result\n```', 'no-path'],
  'a diff without a path': [HUNK, 'no-path'],
  'a file that is not there': [PATCH.replaceAll('shop.py', 'store.py'), 'no-file'],
  'another case of the name': [PATCH.replaceAll('shop.py', 'Shop.py'), 'no-file'],
  'a name that two files have': [
    '--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,2 @@\n-import math\n+import cmath\n',
    'ambiguous-path',
  ],
  'a new file where one is': [created('b/src/shop.py'), 'exists'],
  'a new file below a file': [created('b/src/shop.py/x'), 'exists'],
  'an absolute path': [created('/tmp/x'), 'unsafe-path'],
  'a path that climbs': [created('b/../x'), 'unsafe-path'],
  'a path that climbs inside': [created('b/src/../../x'), 'unsafe-path'],
  'a path with backslashes': [created('b/..\\x'), 'unsafe-path'],
  'a path in escapes': [created('"b/\\056\\056/x"'), 'unsafe-path'],
  'a path with a newline': [created('"b/a\\nb"'), 'unsafe-path'],
  'a path into .git': [created('b/.git/hooks/post-checkout'), 'unsafe-path'],
  'another spelling of .git': [created('b/sub/.GiT./config'), 'unsafe-path'],
  'the short name of .git': [created('b/GIT~1/config'), 'unsafe-path'],
  'a .git with ignored characters': [created('b/.g\u200cit/config'), 'unsafe-path'],
  'a move out of the tree': [
    '*** Begin Patch\n*** Update File: src/shop.py\n*** Move to: ../x\n@@\n-    return result - 1\n+    return 1\n*** End Patch\n',
    'unsafe-path',
  ],
  'a symbolic link': [`diff --git a/l b/l\nnew file mode 120000\n${created('b/l')}`, 'unsafe-mode'],
  'a submodule': [`diff --git a/l b/l\nnew file mode 160000\n${created('b/l')}`, 'unsafe-mode'],
  'a binary patch': ['diff --git a/p b/p\nnew file mode 100644\nGIT binary patch\nliteral 1\nIcmZ\n', 'binary'],
  'a context diff': [
    '*** src/shop.py\n--- src/shop.py\n***************\n*** 1,1 ****\n! a\n--- 1,1 ----\n! b\n',
    'format',
  ],
  'a normal diff': ['12c12\n<     return result - 1\n---\n>     return result\n', 'format'],
  'a line for what is left out': [
    shop(
      '@@ -9,4 +9,3 @@\n-    result = 0\n-    for price in prices:\n+    # ... existing code ...\n         result += price\n',
    ),
    'elision',
  ],
  'dots in the context': [
    shop('@@\n def total(prices):\n     ...\n-    return result - 1\n+    return result\n'),
    'elision',
  ],
  'a file that says the rest is the same': [
    `src/shop.py\n\`\`\`python\n${SHOP.slice(0, 180)}\n# ... rest of the file unchanged ...\n\`\`\``,
    'elision',
  ],
  'a diff cut off': [
    `\`\`\`diff\n${shop('@@ -20,12 +20,14 @@\n class Basket:\n-        self.items = []\n+        self.items = li')}`,
    'truncated',
  ],
  'a SEARCH without REPLACE': ['src/shop.py\n<<<<<<< SEARCH\n    return result - 1\n=======\n    return', 'truncated'],
  'JSON cut off': [JSON.stringify({ patch: PATCH }).slice(0, 90), 'truncated'],
  'a thought that never ends': [`<think>\nperhaps\n${PATCH}`, 'truncated'],
  'two ways for one line': [`A:\n\`\`\`diff\n${PATCH}\`\`\`\nB:\n\`\`\`diff\n${option}\`\`\``, 'conflict'],
  'marks of a merge': [
    shop('@@\n-    return result - 1\n+<<<<<<< HEAD\n+    return 1\n+=======\n+    return 2\n+>>>>>>> x\n'),
    'conflict-markers',
  ],
  'no context in a file that exists': [shop('@@\n+x = 1\n'), 'unanchored'],
  'too little context to be sure': [shop('@@\n for  x:\n+y\n').replace('for  x:', 'else:'), 'no-match'],
  'an empty SEARCH for a file that exists': [
    'src/shop.py\n<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n',
    'unanchored',
  ],
  'a context line that is not in the file': [PATCH.replace(' \n', '     # done\n \n'), 'no-match'],
  'a removed line that differs': [PATCH.replace('result - 1', 'result - 2'), 'no-match'],
  'a change that is there already': [shop('@@\n-    return result - 1\n+    return result - 1\n'), 'no-change'],
  'context alone': [shop('@@\n def total(prices):\n'), 'no-change'],
  'a piece of a file': ['src/shop.py\n```python\ndef total(prices):\n    return sum(prices)\n```', 'unanchored'],
}
for (const [what, [reply, reason]] of Object.entries(refusals)) {
  test(`${what} is refused as ${reason}`, (t) => t.is(outcomeOf(reply), reason))
}

test('a refusal names the path, and not the mark that diffs put before it', (t) => {
  const outcome = proposeEdits(created('b/.git/hooks/x'), filesOf())
  t.regex(outcome.ok ? '' : outcome.message, /^The path "\.git\/hooks\/x" leads into \.git/)
})

test('a binary file is not edited', (t) => {
  t.is(outcomeOf('--- a/x\n+++ b/x\n@@\n-abcdef\n+abcdefg\n', { x: 'abcdef\n\0\n' }), 'binary')
})

test('a hunk whose only hold is a shifted """ is refused', (t) => {
  const tree = { 'a.py': 'def f():\n    """\n    text\n    """\n' }
  t.is(outcomeOf('--- a/a.py\n+++ b/a.py\n@@\n-text\n+more\n', tree), 'unanchored')
})

test('ten megabytes, or a million lines, are refused unread', (t) => {
  t.like(proposeEdits('\n'.repeat(1_000_000), filesOf()), { ok: false, reason: 'format' })
  const outcome = proposeEdits('x'.repeat(10_000_000), filesOf())
  t.like(outcome, { ok: false, reason: 'format' })
})

const garbage: Record<string, string> = {
  hunks: `${shop('')}${'@@\n x\n+y\n'.repeat(30_000)}`,
  headers: '--- a\n+++ b\n'.repeat(40_000),
  fences: '```\n'.repeat(90_000),
  blanks: `${shop('@@\n')}${'\n'.repeat(90_000)}x`,
  brackets: '['.repeat(1_900_000),
  'blanks in a header': `--- ${' '.repeat(1_900_000)}x\n+++ b\n@@\n`,
}
for (const [what, reply] of Object.entries(garbage)) {
  test(`a reply of nothing but ${what} is refused in seconds`, (t) => {
    const started = performance.now()
    const outcome = proposeEdits(reply, filesOf())
    t.false(outcome.ok)
    t.true(performance.now() - started < 10_000)
  })
}

test('a line that fits everywhere in a long file is refused in seconds', (t) => {
  const started = performance.now()
  const tree = { 'a.py': 'value = 1\n'.repeat(100_000) }
  t.is(outcomeOf(`--- a/a.py\n+++ b/a.py\n@@\n${' value = 1\n'.repeat(50)}+x\n`, tree), 'ambiguous')
  t.true(performance.now() - started < 10_000)
})
