import { PATCH } from '../replies.ts'
import { cases, fenced, mended, type ReplyCase } from './case.ts'

// Written after the rule that prose has to explain or accept a patch, again in other words; docs/results.md has the first reading.
const patch = fenced(PATCH)

const takenBack = cases('withdrawn', {
  'park it': `${patch}\nPark this until Thursday.`,
  'do not bother': `${patch}\nDon't bother with it.`,
  'scrap it all': `${patch}\nOn the whole I'd scrap it all and begin with the parser.`,
  wobbly: `${patch}\nHonestly, this feels wobbly to me.`,
  'cannot sign off': `${patch}\nI can't sign off on that.`,
  'should be gross': `${patch}\nIt is \`gross\` that has to change, not \`total\`.`,
  'forget I spoke': `${patch}\nPretend I never said anything.`,
  'as an aside': `${patch}\nThe minus line is fine, but the plus line wants parentheses.`,
  'not yet approved': `${patch}\nStefan has to approve it before anybody touches production.`,
  'half-hearted': `${patch}\nThis was a half-hearted try; give me one more go.`,
  'breaks callers': `${patch}\nCallers in \`invoice.py\` will now get wrong totals, which rules this out.`,
  'withdrawn politely': `${patch}\nI would respectfully ask you to pass on it.`,
  'strike line': `${patch}\nIn the plus line, \`result\` wants to be \`abs(result)\`.`,
  'rounding omitted': `${patch}\nThe rounding is absent from the line that I put in, and it is needed.`,
  misquoted: `${patch}\nThe hunk quotes the file from memory and may well be off.`,
  premature: `${patch}\nCall me overcautious, but keep your hands off until the auditors are done.`,
  'fails elsewhere': `${patch}\nAfter it, \`test_gross\` fails.`,
  'wrong diagnosis': `${patch}\nThe diagnosis behind it does not hold water.`,
  'I take the blame': `${patch}\nAll of this is garbage in hindsight.`,
  'never to be used': `Exhibit A of what nobody ought to write:\n\n${patch}`,
  'rejected before, in other words': `This got rejected in review last week:\n\n${patch}`,
})

const meant = cases(mended, {
  'thank you': `${patch}\nThanks for the clear report!`,
  'what it does': `${patch}\n**What this does**\n\nIt removes the stray \`- 1\`, so that the accumulated value is handed back untouched.`,
  why: `${patch}\nWhy: the accumulator starts at zero and each price is added once; there is nothing left to correct.`,
  risks: `${patch}\nRisks: none that I can see. The function is pure.`,
  'manual test': `${patch}\nI traced \`total([1])\` by hand and got 1.`,
  'reviewer hint': `${patch}\nReviewers may wonder about negative prices; they simply lower the sum.`,
  'follow the link': `${patch}\nSee the docstring of \`Basket\` for how items are kept.`,
  'other bug': `${patch}\nWhile reading I noticed that \`add\` inserts at the front, which seems intentional.`,
  'no config': `${patch}\nNo configuration, schema or dependency changes are involved.`,
  'not done': `${patch}\nI deliberately did not rename anything.`,
  'if fails': `${patch}\nIf the suite still fails, please share the traceback and I'll dig further.`,
  short: `${patch}\nThat should do it.`,
  'minimal, in other words': `${patch}\nThis is the smallest change that satisfies the test.`,
  impact: `${patch}\nImpact: invoices that were one cent too low will be right from now on.`,
  'bug origin': `${patch}\nThe bug crept in when somebody copied the loop from a function that counts intervals.`,
  emoji: `${patch}\n✅ All green on my side.`,
  'before-lead': `The assertion compares 0 with 1, so one is lost somewhere. In \`total\` it is lost on the last line:\n\n${patch}`,
  'let us': `Let's fix the return value:\n\n${patch}`,
  plan: `Plan: drop the subtraction.\n\n${patch}`,
})

export const seventhThoughts: readonly ReplyCase[] = [...takenBack, ...meant]
