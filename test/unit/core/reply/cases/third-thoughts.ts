import { PATCH } from '../replies.ts'
import { cases, fenced, mended, PORT_PATCH, type ReplyCase } from './case.ts'

// Written after the rules of second-thoughts.ts, in other words; docs/results.md has the first reading.
const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)

const takenBack = cases('withdrawn', {
  'hmm, hides it': `${patch}\nHmm. That only papers over the symptom; the counter is still shared.`,
  'rolling back': `${patch}\nRolling this back: \`gross\` expects the smaller sum.`,
  'on hold': `${patch}\nI'm putting this change on hold, because the price list may contain refunds.`,
  'do nothing': `${patch}\nCome to think of it, the safest course is to change nothing for now.`,
  'not sure': `${patch}\nTo be honest I have no idea whether that is right.`,
  'must not land': `${patch}\nIt mustn't land in this form.`,
  'eyes only': `${patch}\nThe diff is meant as an illustration of the bug, not as its cure.`,
  'let us not': `${patch}\nLet's not do this. A test depends on the old value.`,
  'a lie': `${patch}\nI made up the context lines, so the patch has to be written anew.`,
  'missing import': `${patch}\nFor this to work you would first have to add \`import decimal\` at the top.`,
  'wrong version': `${patch}\nWrong version, please wait for my next message.`,
  'the other sign': `${patch}\nIt ought to say \`return result + 1\` there.`,
  'tear up': `${patch}\nTear it up, the requirement says net prices.`,
  'would fail review': `${patch}\nNo reviewer would accept this, and neither do I.`,
  'leave it be': `${patch}\nThen again, perhaps better to leave well alone.`,
  'rejected before': `This is roughly what I rejected, so you can see why:\n\n${patch}`,
  'not to be run': `The following is deliberately broken and serves as a contrast:\n\n${patch}`,
  'in quotation': `Somebody on the team might write the following, yet it misses the cause:\n\n${patch}`,
})

const meant = cases(mended, {
  'the only change': `${patch}\nThat is the only change: one subtraction less.`,
  'no migration': `${patch}\nNo migration is needed, and no configuration has to be touched.`,
  'could not run': `${patch}\nI could not run the tests here, but the arithmetic is simple.`,
  'bad name': `${patch}\nThe name \`result\` is not ideal, but renaming it is out of scope.`,
  risk: `${patch}\nRisk: low. Nothing outside of \`total\` is affected.`,
  'wrong expectation': `${patch}\nIf some caller compensated for the wrong sum, that caller is wrong now and should be changed too.`,
  'this broke': `${patch}\nThis is what broke the test: each sum was one too small.`,
  hold: `${patch}\nBoth assertions hold with this patch.`,
  'I considered': `${patch}\nI considered rounding, but decided not to: no test asks for it.`,
  'do it like this': `Do not touch the test; the product is at fault. Change it like this:\n\n${patch}`,
  'first, then': `The mistake is easy to make: the loop already adds everything, and then one is taken off.\n\n${patch}`,
  thanks: `${patch}\nSorry for the confusion in the issue; thanks for the clear test.`,
})

const others: readonly ReplyCase[] = [
  ...cases(mended, {
    'strike the port': `${port}\nStrike that: the port is irrelevant here. What is needed is this:\n\n${patch}`,
  }),
]

export const thirdThoughts: readonly ReplyCase[] = [...takenBack, ...meant, ...others]
