import { HUNK, MENDED, PATCH, SHOP, TREE } from '../replies.ts'
import { cases, fenced, mended, OLD, RATE_PATCH, type ReplyCase, YOUNG } from './case.ts'

const patch = fenced(PATCH)
const python = (text: string): string => fenced(text, 'python')
const file = `src/shop.py\n${python(SHOP)}`
const undone = fenced(
  PATCH.replace('-    return result - 1\n+    return result\n', '-    return result\n+    return result - 1\n'),
)
const quoted = (text: string): string => text.replace(/\n$/, '').replace(/^/gm, '> ')

const listing = [
  ...cases(mended, {
    'the file as it is, then the patch': `This is the file:\n\n${file}\nThe patch:\n\n${patch}`,
    'the patch, then the file as it is': `${patch}\nFor reference, the unchanged \`src/shop.py\`:\n\n${python(SHOP)}`,
    'the file as it is, then the file as it should be': `Now \`src/shop.py\` is\n\n${python(SHOP)}\nand \`src/shop.py\` becomes\n\n${python(MENDED)}`,
    'the file in a tag, then the patch': `<file path="src/shop.py">\n${SHOP}</file>\n\n${patch}`,
    'another file as it is': `\`test/shop.py\`:\n\n${python(TREE['test/shop.py'] ?? '')}\n${patch}`,
  }),
  ...cases('no-change', { 'the file as it is, alone': file }),
  ...cases('conflict', {
    'another version of the file beside the patch': `src/shop.py\n${python(SHOP.replace('0.19', '0.2'))}\n${patch}`,
  }),
]

const history = [
  ...cases(mended, {
    'the commit at fault': `Commit 1f3a2bc introduced the fault:\n\n${undone}\nThis mends it:\n\n${patch}`,
    'what git show prints': `\`\`\`\ncommit 1f3a2bc4d5e6f70819202122232425262728292a\nAuthor: A <a@example.org>\nDate:   Mon Jan 1 00:00:00 2024\n\n    Take one off\n\n${undone.split('\n').slice(1, -2).join('\n')}\n\`\`\`\n\nSo:\n\n${patch}`,
    'an attempt that was refused': `The previous attempt was this:\n\n${fenced(RATE_PATCH)}\nIt did not help, since the sum is at fault. The patch:\n\n${patch}`,
    'your own patch': `Your patch was:\n\n${fenced(RATE_PATCH)}\nIt leaves the sum as it is. I suggest:\n\n${patch}`,
    'a quoted patch': `${quoted(RATE_PATCH)}\n\nThat does not touch the sum. Here is mine:\n\n${patch}`,
    'a quoted patch before a bare one': `${quoted(`You wrote:\n${RATE_PATCH}`)}\n\nInstead:\n\n${PATCH}`,
    'what was there before': `You tried\n\n${fenced(RATE_PATCH)}\nwhich changes the rate. What is needed:\n\n${patch}`,
    'here is your patch': `Here is your patch:\n\n${patch}`,
    'a patch quoted as a whole': quoted(PATCH),
  }),
  ...cases('withdrawn', {
    'history alone': `Commit 1f3a2bc introduced this change:\n\n${patch}\nI have not found out why.`,
    'your own attempt alone': `You tried this patch:\n\n${patch}\nWhat did it print?`,
  }),
]

const labels = cases(mended, {
  'current and suggested': `**Current** (\`src/shop.py\`):\n${python(OLD)}\n**Suggested:**\n${python(YOUNG)}`,
  'a block of suggestion': `In \`src/shop.py\`, current code:\n${python(OLD)}\nSuggested change:\n${fenced(YOUNG, 'suggestion')}`,
  'now and proposed': `### Current code in \`src/shop.py\`\n\n${python(OLD)}\n### Proposed code\n\n${python(YOUNG)}`,
  'existing and improved': `Existing (src/shop.py, line 12):\n${python(OLD)}\nImproved version:\n${python(YOUNG)}`,
  'is and should be': `src/shop.py\n\nCurrent line:\n${python(OLD)}\nShould be:\n${python(YOUNG)}`,
})
const labelsRefused = cases('ambiguous', {
  'current and suggested of a twin': `**Current** (\`src/shop.py\`):\n${python('            return self')}\n**Suggested:**\n${python('            return None')}`,
})

const total =
  'def total(prices):\n    # sum of all prices\n    result = 0\n    for price in prices:\n        result += price\n    return result\n'
const method =
  'def add(self, item):\n    if item is None:\n        return self\n    self.items.append(item)\n    return self\n'
const added = { 'src/shop.py': SHOP.replace('insert(0, item)', 'append(item)') }
const SUM = 'func Sum(xs []int) int {\n\tsum := 0\n\tfor _, x := range xs {\n\t\tsum += x\n\t}\n\treturn sum\n}\n'
const functions = [
  ...cases(mended, {
    'a function that is named': `Replace the function \`total\` in \`src/shop.py\` with:\n\n${python(total)}`,
    'a function by its call': `In \`src/shop.py\`, \`total()\` should be:\n\n${python(total)}`,
    'the new version of a function': `### src/shop.py\n\nThe corrected \`total\` function:\n\n${python(total)}`,
    'a function and talk': `The sum is off by one. Rewrite \`total\` in src/shop.py like this:\n\n${python(total)}\nNothing else changes.`,
  }),
  ...cases(added, {
    'a method without its indent': `Replace \`Basket.add\` in \`src/shop.py\` with\n\n${python(method)}`,
    'a method with its indent': `Change the method \`add\` in \`src/shop.py\` to\n\n${python(method.replace(/^(?=.)/gm, '    '))}`,
  }),
  ...cases(
    { 'src/cart.go': (TREE['src/cart.go'] ?? '').replace('-= x', '+= x') },
    {
      'a function in braces': `Replace \`Sum\` in \`src/cart.go\` with:\n\n${fenced(SUM, 'go')}`,
    },
  ),
  ...cases('unanchored', {
    'a class with one of its methods': `Replace \`Basket\` in \`src/shop.py\` with:\n\n${python(`class Basket:\n${method.replace(/^(?=.)/gm, '    ')}`)}`,
    'a function that is not there': `Replace \`sums\` in \`src/shop.py\` with:\n\n${python(total.replace('total', 'sums'))}`,
    'a function that nothing names': `For src/shop.py I would write\n\n${python(total)}`,
    'a function that is only an example': `A function like \`total\` in \`src/shop.py\` might look like this:\n\n${python(total)}`,
    'a function with loose lines after it': `Replace \`total\` in \`src/shop.py\` with:\n\n${python(`${total}\nprint(total([1]))\n`)}`,
  }),
  ...cases('truncated', {
    'a function in braces without the last one': `Replace \`Sum\` in \`src/cart.go\` with:\n\n${fenced(SUM.slice(0, -2), 'go')}`,
  }),
  ...cases('unanchored', {
    'a function that lost a word before its name': `Replace \`total\` in \`src/shop.py\` with:\n\n${python(`async ${total}`)}`,
  }),
  ...cases('elision', {
    'a function with a part left out': `Replace \`total\` in \`src/shop.py\` with:\n\n${python('def total(prices):\n    # ... existing code ...\n    return result\n')}`,
  }),
]

const blanks = (text: string): string =>
  text.replace(/^([-+ ]?)( +)/gm, (_, sign: string, lead: string) => sign + '\u00a0'.repeat(lead.length))
const nobreak = [
  ...cases(mended, {
    'no-break spaces in the indents of a diff': `--- a/src/shop.py\n+++ b/src/shop.py\n${blanks(HUNK)}`,
    'no-break spaces for the signs, too': PATCH.replace(/^ +/gm, (lead) => '\u00a0'.repeat(lead.length)),
    'no-break spaces in a SEARCH block': `src/shop.py\n<<<<<<< SEARCH\n${blanks(OLD)}\n=======\n${blanks(YOUNG)}\n>>>>>>> REPLACE\n`,
    'no-break spaces in a call': JSON.stringify({
      path: 'src/shop.py',
      old_string: blanks(OLD),
      new_string: blanks(YOUNG),
    }),
    'every other space of an indent': PATCH.replace(/^([-+ ]) {4}/gm, '$1\u00a0 \u00a0 '),
    'no-break spaces in a whole file': `src/shop.py\n${python(blanks(MENDED))}`,
  }),
  ...cases(
    { 'src/shop.py': SHOP.replace('0.19', '0.19\nUNIT = "1\u00a0EUR"') },
    {
      'a no-break space in a text stays':
        '--- a/src/shop.py\n+++ b/src/shop.py\n@@ -3,2 +3,3 @@\n # Prices are net.\n RATE = 0.19\n+UNIT = "1\u00a0EUR"\n',
    },
  ),
]

const guard = '         if item is None:\n-            return self\n+            return None\n'
const second = { 'src/shop.py': SHOP.replace(/(def remove[\s\S]*?) {12}return self/, '$1            return None') }
const at = (head: string): string => `--- a/src/shop.py\n+++ b/src/shop.py\n${head}\n${guard}`
const call = (more: object): string =>
  JSON.stringify({ path: 'src/shop.py', old: '            return self', new: '            return None', ...more })
const twins = [
  ...cases('ambiguous', {
    'the line of one twin and the name of the other': at('@@ -30,2 +30,2 @@ def add(self, item):'),
    'the line of one twin and the name of the other, turned': at('@@ -24,2 +24,2 @@ def remove(self, item):'),
  }),
  ...cases('ambiguous', {
    'a function in a call, and the line of its twin': call({ function: 'remove', line: 25 }),
    'a line in prose, and the name of its twin': `At line 25 of src/shop.py:\n\n${fenced(at('@@ def remove(self, item):'))}`,
    'a function in prose, and the line of its twin': `In \`Basket.add\`:\n\n${fenced(at('@@ -30,2 +30,2 @@'))}`,
    'a function in prose, and its twin in the header': `The method \`add()\` has to change:\n\n${at('@@ def remove(self, item):')}`,
  }),
  ...cases(second, {
    'a function in a call': call({ function: 'remove' }),
    'a function in a call, and its line': call({ method: 'Basket.remove', line: 31 }),
    'a line and a function in prose, and the same in the header': `In \`remove\`, line 31:\n\n${fenced(at('@@ -30,2 +30,2 @@'))}`,
    'line and name of the same twin': at('@@ -30,2 +30,2 @@ def remove(self, item):'),
    'a line that is no place, and a name': at('@@ -90,2 +90,2 @@ def remove(self, item):'),
    'the line of a twin and the name of what holds both': at('@@ -30,2 +30,2 @@ class Basket:'),
  }),
]

export const beside: readonly ReplyCase[] = [
  ...listing,
  ...history,
  ...labels,
  ...labelsRefused,
  ...functions,
  ...nobreak,
  ...twins,
]
