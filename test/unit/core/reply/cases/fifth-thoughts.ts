import { PATCH } from '../replies.ts'
import { cases, fenced, mended, type ReplyCase } from './case.ts'

// Written after the rules for fourth-thoughts.ts, again in other words; docs/results.md has the first reading.
const patch = fenced(PATCH)

const takenBack = cases('withdrawn', {
  'back to the drawing board': `${patch}\nBack to the drawing board, I'm afraid.`,
  'that goes': `${patch}\nThat goes against the specification, so no.`,
  'two birds': `${patch}\nThe patch conflicts with what the tests in \`tax.py\` ask for; leave it out.`,
  'take no notice': `${patch}\nTake no notice of that.`,
  'I jumped to it': `${patch}\nI jumped to conclusions there.`,
  'line two is off': `${patch}\nOne detail: the minus line is not what the file has any more.`,
  'would rather ask': `${patch}\nBefore anybody does that, ask the owners whether refunds count.`,
  'not sold': `${patch}\nI'm not sold on it, to be frank.`,
  'it will not do': `${patch}\nIt won't do.`,
  'best forgotten': `${patch}\nThis one is best forgotten.`,
  'let it rest': `${patch}\nLet it rest; I will think about it overnight.`,
  'superseded soon': `${patch}\nExpect a corrected version from me shortly.`,
  'do otherwise': `${patch}\nDo the opposite: add one in the caller.`,
  'wrong tree': `${patch}\nI was barking up the wrong tree.`,
  'cannot recommend': `${patch}\nI can't recommend it with a clear conscience.`,
  'replace by': `${patch}\nInstead of \`return result\` it should be \`return sum(prices)\`.`,
  'for the gallery': `Please do not take this literally:\n\n${patch}`,
  'what I would avoid': `What I would avoid at all costs:\n\n${patch}`,
})

const meant = cases(mended, {
  'that is it': `${patch}\nThat's it. One line, and both checks are green.`,
  'went wrong': `${patch}\nWhat went wrong: the author took the last index for the sum.`,
  'worth it': `${patch}\nIt might be worth adding a check for \`None\`, though no test asks for one.`,
  'not more': `${patch}\nI didn't do more than that, because the issue is about \`total\` alone.`,
  'leave gross': `${patch}\n\`gross\` can stay as it is; it never saw the wrong sum.`,
  'do you need': `${patch}\nDo you need the same for the Go package? It subtracts, too.`,
  'this makes': `${patch}\nThis makes \`total([1])\` equal to 1, which is what the assertion wants.`,
  'must not': `${patch}\nThe loop must not be changed, because it is already right.`,
  'harmless doubt': `${patch}\nI wasn't able to see \`gross\`'s callers, but nothing in this change concerns them.`,
  'now passes': `${patch}\nNow the assertion passes; before, it compared 0 with 1.`,
  'the wrong value': `The wrong value comes from the last line of \`total\`. This corrects it:\n\n${patch}`,
  'do not be fooled': `Don't be fooled by the name of the test: the loop is fine, the return is not.\n\n${patch}`,
})

export const fifthThoughts: readonly ReplyCase[] = [...takenBack, ...meant]
