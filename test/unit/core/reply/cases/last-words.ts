import { PATCH } from '../replies.ts'
import { cases, fenced, mended, PORT_PATCH, ported, RATE_PATCH, type ReplyCase } from './case.ts'

// Written after the rules, in other words; the first reading of each table is in docs/results.md.
const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)

const takenBack = cases('withdrawn', {
  'wait for me': `${patch}\nPlease don't apply this patch just yet, I want to verify it.`,
  'it should be': `${patch}\nWait, the added line should be \`return sum(prices)\`, sorry.`,
  'typo in it': `${patch}\nOops - typo: \`return resullt\` should be... anyway, do not apply the above.`,
  'no need any more': `${patch}\nOn second thought this isn't needed. Please disregard.`,
  'untested sketch': `${patch}\nThis is merely a sketch and should not be committed.`,
  'will send again': `${patch}\nI made a mistake above; let me redo it.`,
  'not the right file': `${patch}\nThat patch is for the wrong file.`,
  'add a line': `${patch}\nYou also have to add \`import decimal\` in the patch above, before the first line of the hunk.`,
  'leave as is': `${patch}\nActually, leave the code as it is.`,
  'would not': `I would not apply this, but for the record:\n\n${patch}`,
})

const explained = cases(mended, {
  'to apply': `${patch}\nSave it as \`fix.patch\` and run \`git apply fix.patch\`. It should apply cleanly.`,
  'what I checked': `${patch}\nI checked that no other function uses this value. The other tests should not be affected.`,
  'the former line': `${patch}\nThe former line was an off-by-one error.`,
  'a limit': `${patch}\nThis patch does not address rounding, which no test asks for.`,
  'please note': `${patch}\nPlease note that you must not add one in the callers any more.`,
  'it is enough': `${patch}\nThis one line is enough; nothing else has to change.`,
  'wait is over': `Wait... I see it now. \`total\` takes one off.\n\n${patch}`,
  correct: `${patch}\nThe sum is then correct, and the last line of the output should be \`1 passed\`.`,
})

const several = [
  ...cases('conflict', {
    'another possibility': `${patch}\nAnother possibility is that the port is wrong:\n\n${port}`,
    'alternatively, in lower case': `${patch}\nalternatively:\n\n${port}`,
    'first and second option': `First option:\n${patch}\nSecond option:\n${port}`,
  }),
  ...cases('truncated', {
    'part i of ii': `This is part 1/2; please apply both together.\n\n${patch}`,
    'only half': `${patch}\nThis is only half of the change. The other half follows.`,
  }),
  ...cases(mended, {
    'the patch from before': `You sent me this patch:\n\n${rate}\nHere is the one that works:\n\n${patch}`,
    'the history of the line': `In commit 9f8e7d6 the rate was changed like this:\n\n${rate}\nThat is not the cause. The fix:\n\n${patch}`,
    'wait, not that': `${port}\nWait, not that one. This one:\n\n${patch}`,
  }),
  ...cases(
    { ...mended, ...ported },
    {
      'both are needed': `${patch}\nBoth files have to change; the second patch:\n\n${port}`,
    },
  ),
]

export const lastWords: readonly ReplyCase[] = [...takenBack, ...explained, ...several]
