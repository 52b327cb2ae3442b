import test from 'ava'
import { OLD } from './cases/case.ts'
import { outcomeOf, PATCH } from './replies.ts'

const edit = (old: string, young: string): object => ({ path: 'src/shop.py', old_string: old, new_string: young })
const YOUNG = '    mended = result\n    return mended'
const [A, B] = [edit(OLD, YOUNG), edit('RATE = 0.19', 'RATE = 0.2  # as of "2024"')]
const call = (of: object): string => JSON.stringify({ name: 'edit', arguments: of })
const rate = '--- a/src/shop.py\n+++ b/src/shop.py\n@@ -3,2 +3,2 @@\n # Prices are net.\n-RATE = 0.19\n+RATE = 0.2\n'

const wholes: Readonly<Record<string, string>> = {
  'a call': call(A),
  'a list of edits': JSON.stringify({ edits: [A, B] }),
  'a list of edits on several lines': JSON.stringify({ edits: [A, B] }, null, 2),
  'a call in a string of JSON': JSON.stringify({ name: 'edit', arguments: JSON.stringify(A) }),
  'a fenced list of edits': `\`\`\`json\n${JSON.stringify([A, B], null, 1)}\n\`\`\`\n`,
  'a list of patches': JSON.stringify({ patches: [PATCH, rate] }),
  'a list with the quotes of Python': `{'path': 'src/shop.py', 'edits': [{'old': '${OLD}', 'new': '    return result + 10'}, {'old': 'RATE = 0.19', 'new': 'RATE = 0.2'}]}`,
  'a call in a channel': `<|channel|>commentary to=functions.edit <|constrain|>json<|message|>${JSON.stringify({ edits: [A, B] })}<|call|>`,
}
for (const [what, reply] of Object.entries(wholes))
  test(`${what} that is cut anywhere is read whole or not at all`, (t) => {
    const whole = outcomeOf(reply)
    t.is(typeof whole, 'object')
    for (let to = 1; to < reply.length; to += 1) {
      const outcome = outcomeOf(reply.slice(0, to))
      if (typeof outcome === 'object') t.deepEqual(outcome, whole, reply.slice(0, to))
    }
  })

const tags = (of: Record<string, string>): string =>
  `<invoke name="edit">\n${Object.entries(of)
    .map(([key, text]) => `<parameter name="${key}">${text}</parameter>\n`)
    .join('')}</invoke>\n`
const block = ({ path, old_string, new_string }: Record<string, string>): string =>
  `${path}\n<<<<<<< SEARCH\n${old_string}\n=======\n${new_string}\n>>>>>>> REPLACE\n`

const pairs: Readonly<Record<string, (of: Record<string, string>) => string>> = {
  'calls on lines': (of) => `${call(of)}\n`,
  'calls in talk': (of) => `A change:\n\n${call(of)}\n\n`,
  'calls in tags': (of) => `<tool_call>\n${call(of)}\n</tool_call>\n`,
  'calls of tags': tags,
  'SEARCH blocks': block,
}
for (const [what, print] of Object.entries(pairs))
  test(`of two ${what} that are cut anywhere, both are read, or the first if the cut is before the second`, (t) => {
    const [first, second] = [print(A as Record<string, string>), print(B as Record<string, string>)]
    const [one, both] = [outcomeOf(first), outcomeOf(first + second)]
    t.is(typeof both, 'object')
    // Nothing shows that more was to come before the name of its file has been followed by a mark.
    const begun = first.length + 'src/shop.py\n'.length
    for (let to = 1; to < first.length + second.length; to += 1) {
      const outcome = outcomeOf((first + second).slice(0, to))
      if (typeof outcome === 'object') t.deepEqual(outcome, to <= begun ? one : both, (first + second).slice(0, to))
    }
  })
