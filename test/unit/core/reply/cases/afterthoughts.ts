import { PATCH, SHOP } from '../replies.ts'
import { both, cases, fenced, mended, OLD, PORT_PATCH, ported, RATE_PATCH, type ReplyCase, YOUNG } from './case.ts'

// Written after the rules, in other words; the first reading of each table is in docs/results.md.
const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)
const python = (text: string): string => fenced(text, 'python')

const takenBack = cases('withdrawn', {
  'please wait': `${patch}\nPlease do not apply this until I confirm.`,
  'not certain': `${patch}\nActually, please don't apply it: I need to double check \`gross\` first.`,
  'wait, a line': `${patch}\nWait, the last line should be \`return round(result, 2)\`.`,
  'small fix': `${patch}\nSmall correction: the new line should read \`return int(result)\`.`,
  noticed: `${patch}\nI just noticed that the patch has the wrong indentation.`,
  'never mind': `${patch}\nNever mind, this was already fixed.`,
  dangerous: `${patch}\nDo NOT commit this; it would corrupt stored prices.`,
  'just a thought': `Just a thought experiment, not a proposal:\n\n${patch}`,
  reverted: `${patch}\nI have since reverted this change, as it broke the totals.`,
  drop: `${patch}\nPlease drop this change from consideration.`,
  hypothetical: `${patch}\nThis would be the patch if prices were integers. They are not, so please do not use it.`,
  'in doubt, a warning': `${patch}\nThe patch changes one line and must not be combined with other changes of the loop.`,
  'does not compile': `${patch}\nHmm, this does not compile.`,
})

const explained = cases(mended, {
  'you can apply': `You can apply the following patch with \`patch -p1\`:\n\n${patch}`,
  'line 12': `${patch}\nLine 12 returned one less than the sum.`,
  'what remains': `${patch}\nNo further changes are needed; \`gross\` is correct.`,
  'not the test': `The test is right and should not be changed.\n\n${patch}`,
  'if you see': `${patch}\nIf you still see the failure, clear the caches and run it again.`,
  'the reason': `The function must return the sum; it returned one less.\n\n${patch}\nWith this patch it does.`,
  waits: `The loop waits for nothing. The return is wrong.\n\n${patch}\nNothing waits.`,
  ignoring: `${patch}\nI am ignoring the rate here, since the test does not use it.`,
  instead: `${patch}\nInstead of subtracting one, it returns the plain sum.`,
  'in short': `${patch}\nIn short: do not subtract.`,
  'no error': `${patch}\nThere is no error in the added line, I checked it against the test.`,
})

const several = [
  ...cases('conflict', {
    'one or the other': `Apply one of these two.\n\n${patch}\n\n${port}`,
    'alternatively, a config': `${patch}\n**Alternatively**, change the configuration:\n\n${port}`,
    'option 2': `**Option 1** (preferred)\n\n${patch}\n**Option 2**\n\n${port}`,
    'or else': `${patch}\n... or, if you like it better:\n\n${port}`,
  }),
  ...cases('truncated', {
    'part one': `**Part one of two**\n\n${patch}`,
    'do not use alone': `${patch}\nThis is part 1 of 2. On its own it breaks the build.`,
    'part 2 later': `Part 1:\n\n${patch}\nI will send part 2 in my next message; both are needed.`,
  }),
  ...cases(mended, {
    'wait, a second': `${rate}\nWait, that changes the wrong thing. Second try:\n\n${patch}`,
    'better one': `${port}\nActually no. The port is irrelevant here. Use this patch:\n\n${patch}`,
  }),
  ...cases({ ...both, ...ported }, { 'three parts': `Part 1/3\n${patch}\nPart 2/3\n${rate}\nPart 3/3\n${port}` }),
]

const forms = [
  ...cases(mended, {
    'the broken commit as a diff': `The regression came in with this change:\n\n${fenced(RATE_PATCH)}\nSo I propose:\n\n${patch}`,
    'a user patch with quotes': `Regarding your attempt\n\n${rate}\nit changes the rate only. Please apply:\n\n${patch}`,
    'a file as it stands': `As it stands, \`src/shop.py\` is:\n\n${python(SHOP)}\n\n${patch}`,
    'current and suggested lines': `Current:\n\`\`\`python\n# src/shop.py\n${OLD}\n\`\`\`\nSuggested:\n\`\`\`python\n# src/shop.py\n${YOUNG}\n\`\`\`\n`,
    'a suggestion alone beside the line': `\`src/shop.py\`\n\nCurrent line:\n${python(OLD)}\n\nSuggestion:\n${fenced(YOUNG, 'suggestion')}`,
    'eom between calls': `<|python_tag|>{"name": "edit", "parameters": {"path": "src/shop.py", "old_str": ${JSON.stringify(OLD)}, "new_str": ${JSON.stringify(YOUNG)}}}<|eom_id|>`,
  }),
]

export const afterthoughts: readonly ReplyCase[] = [...takenBack, ...explained, ...several, ...forms]
