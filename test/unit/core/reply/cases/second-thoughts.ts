import { PATCH } from '../replies.ts'
import { cases, fenced, mended, PORT_PATCH, RATE_PATCH, type ReplyCase } from './case.ts'

// Written before the rules were changed for them, in words that no rule was made for; docs/results.md has the first reading.
const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)

const takenBack = cases('withdrawn', {
  'bin that': `${patch}\nBin that; the loop is fine as it stands.`,
  'no attention': `${patch}\nPay no attention to the diff, I was looking at a stale copy of the file.`,
  'nonsense after all': `${patch}\nNonsense, of course: the callers depend on the off-by-one.`,
  'second look': `${patch}\nLooking at it again, I am no longer convinced that this is the cause.`,
  'please shelve': `${patch}\nPlease shelve this until the maintainer has answered.`,
  'considered withdrawn': `${patch}\nConsider the above withdrawn.`,
  'changed my mind': `${patch}\nI have changed my mind about this one; the sum is right.`,
  'not what was asked': `${patch}\nHowever, that is not what the failing test is about, so it has no place in the repository.`,
  'give me a moment': `${patch}\nGive me a moment, I will come back with a proper one.`,
  'stand by': `${patch}\nActually, stand by. A better version is on its way.`,
  'applying it would break': `${patch}\nOn closer inspection, applying this would break gross(), so it has to go.`,
  'keep it out': `${patch}\nKeep this out of the tree, though.`,
  'purely for discussion': `${patch}\nI post it purely for discussion; nobody should run it.`,
  strawman: `${patch}\nTreat this as a strawman and not as a proposal to be used.`,
  'throw out': `${patch}\nYou can throw that out again - RATE was the problem all along.`,
  'until confirmed': `${patch}\nUse it only after somebody has confirmed that total() may change.`,
  'I regret': `${patch}\nSorry, that was premature. I have to look at the callers first.`,
  'dead end': `${patch}\nThis turns out to be a dead end.`,
  'scratch pad': `I was merely thinking aloud here, none of it is a real change:\n\n${patch}`,
  'do not copy': `Whatever you do, stay away from this:\n\n${patch}`,
  'one would expect': `One might be tempted to write this, which would be a mistake:\n\n${patch}`,
  void: `${patch}\nEdit: void. I confused total() with gross().`,
  'replace minus': `${patch}\nMake that \`return max(result, 0)\`.`,
  'one more thing in it': `${patch}\nAlso round the result in the line I added before you use it.`,
})

const meant = cases(mended, {
  'nothing else': `${patch}\nNothing else in the module relies on the wrong value, so no caller needs attention.`,
  'why not the other way': `${patch}\nI decided against touching \`RATE\`, since no test says that it is wrong.`,
  'I will not': `${patch}\nI'll leave the tests alone, as you asked.`,
  'looking again': `${patch}\nLooking at the loop again, every price is added exactly once, so this is all that is needed.`,
  'let me explain': `${patch}\nLet me explain: the loop already visits each price, and the subtraction made the sum one too small.`,
  'without it': `${patch}\nWithout this change the sum is wrong for every list; with it, both tests pass.`,
  'never negative': `${patch}\nThe total can never become negative any more.`,
  'if you want': `${patch}\nIf you want, I can also add a test for an empty list. Just say so.`,
  'no longer': `${patch}\n\`total\` no longer takes one off, which is what broke \`gross\` too.`,
  'the sum instead of': `${patch}\nIt returns the sum itself instead of the sum minus one.`,
  'mistake was': `${patch}\nThe mistake was an old one: somebody thought of indices here.`,
  'question about tests': `${patch}\nShould the other currencies be covered as well? That would be a separate change.`,
  keep: `${patch}\nKeep in mind that caches of old totals have to be cleared once this is deployed.`,
  'before and after': `${patch}\nBefore: \`total([1])\` gives 0. After: it gives 1.`,
  'alternative refused': `${patch}\nAn alternative would have been to change the caller, but that would hide the bug instead of removing it.`,
  safe: `${patch}\nThis is safe to apply: no public name changes and nothing is removed.`,
})

const others: readonly ReplyCase[] = [
  ...cases(mended, {
    'scrapped first': `${rate}\nNope, the rate has nothing to do with it, scrap that one.\n\n${patch}`,
    'the port is a red herring': `${port}\nThinking about it more, the port is a red herring. Please take this one:\n\n${patch}`,
  }),
  ...cases('conflict', {
    'whichever you like': `${patch}\nor, whichever you like better,\n\n${port}`,
  }),
]

export const secondThoughts: readonly ReplyCase[] = [...takenBack, ...meant, ...others]
