// Written after the rules, in other words; the first reading of each table is in docs/results.md.
import { PATCH } from '../replies.ts'
import { answering, cases, fenced, mended, PORT_PATCH, ported, RATE_PATCH, type ReplyCase } from './case.ts'

const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)

const takenBack = cases('withdrawn', {
  'not to be used as is': `${patch}\nNot to be used as is.`,
  'I no longer stand by it': `${patch}\nI no longer stand by this change.`,
  'better not': `${patch}\nBetter not apply it, though.`,
  'wrong file': `${patch}\nOops, wrong file.`,
  'wrong line': `${patch}\nWait, wrong line: it is the one in \`gross\` that has to go.`,
  'for discussion': `${patch}\nThis diff is for discussion only. Please don't merge.`,
  'would not pass': `${patch}\nLooking at it again, this change would not pass the test.`,
  'two blanks': `${patch}\nNote that the added line must have eight spaces, not four.`,
  'rename it': `${patch}\nPlease rename \`result\` to \`total_price\` in the added line.`,
  'instead of that line': `${patch}\nInstead of that line, write \`return sum(prices)\`.`,
  pretend: `${patch}\nPretend you did not see that; I will think again.`,
  'unsure, do nothing': `${patch}\nI would leave it as it was. Do not change anything.`,
  'do not follow': `I was told to send this, but it should not be applied:\n\n${patch}`,
  'bad example': `A bad fix would be:\n\n${patch}`,
  'what not': `Please do NOT do this:\n\n${patch}`,
})

const explained = cases(mended, {
  'a note to reviewers': `${patch}\nNote to reviewers: do not be misled by the name \`result\`.`,
  'should now': `${patch}\nThe test should now pass. If it does not, the cause is elsewhere.`,
  'must be careful': `${patch}\nYou must not call \`total\` with None; that was the case before, too.`,
  missing: `${patch}\nWhat was missing is only the plain sum.`,
  'the line': `${patch}\nThe line \`return result - 1\` was replaced by \`return result\`.`,
  'the wrong line': `The wrong line is \`return result - 1\`; the right line is \`return result\`.\n\n${patch}`,
  'no comment': `${patch}\nI left the comment above the loop as it is, since it is right.`,
  'cannot test': `${patch}\nI cannot run the tests here, so I could not check it.`,
  never: `${patch}\nThis never worked; the subtraction was there from the start.`,
  'in other words': `${patch}\nIn other words: the sum, not the sum minus one.`,
  'what it does not do': `${patch}\nIt does not handle \`None\` in the list, as before.`,
  'ok to merge': `${patch}\nIt can be merged as it is.`,
  'a hint': `${patch}\nHint: the same mistake is not made in \`gross\`.`,
  'without a test': `${patch}\nNo test had to be changed or removed.`,
  'first try': `This is my second try; the first one did not apply because its context was wrong.\n\n${patch}`,
  'last sentence': `${patch}\nSorry that it took me two attempts.`,
  minimal: `${patch}\nI kept the change to one line; please do not hesitate to ask for more.`,
  'is not a special case': `${patch}\nThis is not a special case for the test's input.`,
})

const several = [
  ...cases(
    { ...mended, ...ported },
    {
      'as well': `${patch}\nThe configuration needs a change as well:\n\n${port}`,
      'both are wrong': `The sum is wrong, and so is the port.\n\n${patch}\nHere the port is still wrong; it must be 2:\n\n${port}`,
      'for the other failing test': `${patch}\nFor the other failing test:\n\n${port}`,
    },
  ),
  ...cases('conflict', {
    choice: `There are two ways to mend this. The first:\n\n${patch}\nThe second:\n\n${port}`,
    'or simply': `${patch}\nOr simply:\n\n${port}`,
    depending: `If the sum is meant to be plain:\n\n${patch}\nIf the port is meant to be 2:\n\n${port}`,
    'if you would rather not': `${patch}\nIf you would rather not touch the code, this might do:\n\n${port}`,
  }),
  ...cases(mended, {
    'replace the above': `${rate}\nOn second thought, use this in its place:\n\n${patch}`,
    'that fails': `${rate}\nThat would not help, because the rate is not used in \`total\`. The right change is:\n\n${patch}`,
  }),
  ...cases('conflict', {
    'no good': `${fenced(answering('return 1'))}\nThat only works for one price. In general:\n\n${patch}`,
    cleaner: `${fenced(answering('return result + 1 - 1'))}\nSimpler:\n\n${patch}`,
  }),
]

export const further: readonly ReplyCase[] = [...takenBack, ...explained, ...several]
