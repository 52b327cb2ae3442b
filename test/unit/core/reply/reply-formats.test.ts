import test from 'ava'
import { HUNK, MENDED, outcomeOf, PATCH, SHOP, TREE } from './replies.ts'

const mended = { 'src/shop.py': MENDED }
const swap = '<<<<<<< SEARCH\n    return result - 1\n=======\n    return result\n>>>>>>> REPLACE\n'
const codex = `*** Begin Patch
*** Update File: src/shop.py
@@ def total(prices):
         result += price
-    return result - 1
+    return result
*** End Patch
`

const wrappings: Record<string, string> = {
  bare: PATCH,
  'in a fence with talk around it': `Sure.\n\n\`\`\`diff\n${PATCH}\`\`\`\n\nDone.`,
  'in a fence of tildes': `~~~\n${PATCH}~~~`,
  'in an indented fence': `1. Mend:\n\n   \`\`\`diff\n${PATCH.replace(/^/gm, '   ')}\n   \`\`\`\n`,
  'followed by talk and a list': `${PATCH}\n- mended the sum\n- nothing else\n`,
  'with CRLF': PATCH.replaceAll('\n', '\r\n'),
  'with a byte order mark': `\uFEFF${PATCH}`,
  'with colours': PATCH.replace(/^([-+@].*)$/gm, '\u001b[31m$1\u001b[m'),
  'after a thought that holds another diff': `<think>\n${PATCH.replace('+    return result', '+    return 7')}\n</think>\n${PATCH}`,
  'in a heredoc in a fence': `\`\`\`sh\ngit apply <<'EOF'\n${PATCH}EOF\n\`\`\``,
  'in a tag': `<patch>\n${PATCH}</patch>\n`,
  'quoted like mail': PATCH.replace(/^/gm, '> '),
  'in JSON': JSON.stringify({ why: 'off by one', patch: PATCH }),
  'in JSON in a fence': `\`\`\`json\n${JSON.stringify({ diff: PATCH }, null, 2)}\n\`\`\``,
  'as a mailed patch': `From 1f Mon Sep 17 00:00:00 2001\nSubject: [PATCH] Mend\n\n---\n src/shop.py | 2 +-\n\ndiff --git a/src/shop.py b/src/shop.py\nindex 1111111..2222222 100644\n${PATCH}-- \n2.39.5\n`,
  twice: `\`\`\`diff\n${PATCH}\`\`\`\nOnce more:\n\`\`\`diff\n${PATCH}\`\`\`\n`,
}
for (const [how, reply] of Object.entries(wrappings)) {
  test(`a diff is read ${how}`, (t) => t.deepEqual(outcomeOf(reply), mended))
}

const headers: Record<string, string> = {
  'without a/ and b/': PATCH.replaceAll(/ [ab]\/src/g, ' src'),
  'with dates': PATCH.replace('a/src/shop.py', 'src/shop.py\t2024-01-01').replace(
    'b/src/shop.py',
    'src/shop.py\t2024-01-02',
  ),
  'with labels': PATCH.replace('a/src/shop.py', 'src/shop.py (old)').replace('b/src/shop.py', 'src/shop.py (new)'),
  quoted: PATCH.replace('a/src/shop.py', '"a/src/shop.py"').replace('b/src/shop.py', '"b/src/shop.py"'),
  'with a directory too many': PATCH.replaceAll('src/shop.py', 'project/src/shop.py'),
  'by diff --git alone': `diff --git a/src/shop.py b/src/shop.py\n${HUNK}`,
  'by the old name alone': `--- a/src/shop.py\n${HUNK}`,
  'in the fence': `\`\`\`diff src/shop.py\n${HUNK}\`\`\``,
  'in the talk before': `In \`src/shop.py\`:\n\n\`\`\`diff\n${HUNK}\`\`\``,
}
for (const [how, reply] of Object.entries(headers)) {
  test(`a file is named ${how}`, (t) => t.deepEqual(outcomeOf(reply), mended))
}

const forms: Record<string, string> = {
  'a codex patch': codex,
  'a codex patch without its end': codex.replace('*** End Patch\n', ''),
  'a codex patch in a heredoc': `apply_patch <<'EOF'\n${codex}EOF\n`,
  'a SEARCH/REPLACE block': `src/shop.py\n${swap}`,
  'a SEARCH/REPLACE block in a fence': `\`\`\`python\nsrc/shop.py\n${swap}\`\`\``,
  'a SEARCH/REPLACE block under a heading': `### \`src/shop.py\`\n\n\`\`\`\n${swap}\`\`\``,
  'a whole file': `src/shop.py\n\`\`\`python\n${MENDED}\`\`\``,
  'a JSON edit': JSON.stringify([
    { path: 'src/shop.py', search: '    return result - 1', replace: '    return result' },
  ]),
  'a JSON edit of a piece of a line': JSON.stringify({
    file: 'src/shop.py',
    old_string: 'result - 1',
    new_string: 'result',
  }),
  'a JSON file': JSON.stringify({ path: 'src/shop.py', content: MENDED }),
}
for (const [what, reply] of Object.entries(forms)) {
  test(`${what} is read`, (t) => t.deepEqual(outcomeOf(reply), mended))
}

const fresh = { 'src/new.py': 'x = 1\n' }
const additions: Record<string, string> = {
  'a diff from /dev/null': '--- /dev/null\n+++ b/src/new.py\n@@ -0,0 +1 @@\n+x = 1\n',
  'a codex patch': '*** Begin Patch\n*** Add File: src/new.py\n+x = 1\n*** End Patch\n',
  'an empty SEARCH': 'src/new.py\n<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n',
  'a heredoc of cat': "cat > src/new.py <<'EOF'\nx = 1\nEOF\n",
  'a fence that is announced': 'Create `src/new.py`:\n\n```python\nx = 1\n```\n',
}
for (const [how, reply] of Object.entries(additions)) {
  test(`a new file comes by ${how}`, (t) => t.deepEqual(outcomeOf(reply), fresh))
}

test('a file is deleted by a codex patch or a diff to /dev/null', (t) => {
  t.deepEqual(outcomeOf('*** Begin Patch\n*** Delete File: conf/a.yaml\n*** End Patch\n'), { 'conf/a.yaml': null })
  const lines = (TREE['test/shop.py'] ?? '').replace(/^(?=.|\n.)/gm, '-')
  t.deepEqual(outcomeOf(`--- a/test/shop.py\n+++ /dev/null\n@@ -1,9 +0,0 @@\n${lines}`), { 'test/shop.py': null })
})

test('a renamed file takes its changes with it', (t) => {
  const reply = `diff --git a/src/shop.py b/src/store.py\nsimilarity index 90%\nrename from src/shop.py\nrename to src/store.py\n--- a/src/shop.py\n+++ b/src/store.py\n${HUNK}`
  t.deepEqual(outcomeOf(reply), { 'src/shop.py': null, 'src/store.py': MENDED })
})

test('several files change together or not at all', (t) => {
  const second = '--- a/conf/a.yaml\n+++ b/conf/a.yaml\n@@ -1,2 +1,2 @@\n name: a\n-port: 1\n+port: 2\n'
  t.deepEqual(outcomeOf(PATCH + second), { ...mended, 'conf/a.yaml': 'name: a\nport: 2\nlast: yes' })
  t.is(outcomeOf(PATCH + second.replace('-port: 1', '-port: 9')), 'no-match')
})

test('a later diff may build on an earlier one', (t) => {
  const later = PATCH.replace('-    return result - 1', '-    return result').replace(
    '+    return result\n',
    '+    return result + 0\n',
  )
  t.deepEqual(outcomeOf(PATCH + later), { 'src/shop.py': SHOP.replace('result - 1', 'result + 0') })
})
