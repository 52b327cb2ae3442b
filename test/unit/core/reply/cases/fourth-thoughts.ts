import { PATCH } from '../replies.ts'
import { cases, fenced, mended, type ReplyCase } from './case.ts'

// Written after the rules for third-thoughts.ts, again in other words; docs/results.md has the first reading.
const patch = fenced(PATCH)

const takenBack = cases('withdrawn', {
  'a cure worse than the disease': `${patch}\nThe cure is worse than the disease, though: every invoice would change.`,
  'reading again': `${patch}\nReading the test once more, I see that I have solved a different problem.`,
  'skip the patch': `${patch}\nYou had better skip the patch and talk to the author of the test.`,
  'leave this alone': `${patch}\nMy advice: leave this alone until the discount rules are settled.`,
  'a hunch': `${patch}\nThis is little more than a hunch.`,
  'no guarantee': `${patch}\nI wouldn't bet on it, so please look elsewhere before you change anything.`,
  'not how': `${patch}\nThat's not how it should be done, of course.`,
  'will rework': `${patch}\nI'll rework it once I have seen \`tax.py\`.`,
  'a typo in what I wrote': `${patch}\nThere's a typo in what I wrote: the variable is called \`results\`.`,
  'forget what I said': `${patch}\nForget what I said.`,
  'cannot be right': `${patch}\nThat can't be right either.`,
  'the reverse': `${patch}\nIt is exactly the wrong way round.`,
  'need the file': `${patch}\nTo do it properly I need to see \`invoice.py\` first.`,
  'for the bin': `${patch}\nThis belongs in the bin.`,
  'revert after trying': `${patch}\nTry it once and then revert it.`,
  'others wrote': `This snippet from the web is popular but harmful:\n\n${patch}`,
  'as a warning': `As a warning, here is what would make matters worse:\n\n${patch}`,
  'not going to': `I am not going to propose the obvious one-liner, namely:\n\n${patch}`,
})

const meant = cases(mended, {
  'tested by hand': `${patch}\nI walked through both cases by hand: \`total([])\` is 0 and \`total([1])\` is 1.`,
  'the reason is simple': `${patch}\nThe reason is simple: a sum has no end that could be off by one.`,
  'cause before': `${patch}\nIt was wrong because someone treated the sum like an index.`,
  'there are no side effects': `${patch}\nThere are no side effects, and nothing has to be installed.`,
  'should you': `${patch}\nShould you see other failures, send me their output.`,
  'would be nice': `${patch}\nIt would be nice to have a test for refunds, but that is not part of this task.`,
  'do run': `${patch}\nPlease run the whole suite before you merge, as always.`,
  'not float': `${patch}\nPrices are not rounded here, and they must not be: \`gross\` does that.`,
  'the comment': `${patch}\nThe comment above the loop is still right, so I left it.`,
  'no doubt': `${patch}\nThere is no doubt about the cause: the assertion says 0 != 1.`,
  'you may wonder': `You may wonder why only lists fail: numbers never reach this function. The fix:\n\n${patch}`,
  'a line says': `The docstring does not say that one is taken off, and no caller expects it:\n\n${patch}`,
})

export const fourthThoughts: readonly ReplyCase[] = [...takenBack, ...meant]
