import { PATCH } from '../replies.ts'
import { cases, fenced, mended, PORT_PATCH, RATE_PATCH, type ReplyCase } from './case.ts'

// Written before the rule that prose after a patch has to explain or accept it; docs/results.md has the first reading.
const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)

const takenBack = cases('withdrawn', {
  'leave it unapplied': `${patch}\nKindly leave this unapplied until Maria has had a look.`,
  'hold fire': `${patch}\nHold fire on this one.`,
  'belay that': `${patch}\nBelay that.`,
  'no good': `${patch}\nTurns out that is no good: \`gross\` relies on the smaller sum.`,
  'not going to fly': `${patch}\nThat is not going to fly after all.`,
  'sit on it': `${patch}\nI'd sit on this for a while.`,
  'keep out of main': `${patch}\nThis has no place on the main branch yet.`,
  'plus one': `${patch}\nThe plus line ought to end in \`+ 1\`.`,
  'make it sum': `${patch}\nMake that \`return sum(prices)\`.`,
  'one too few': `${patch}\nOne more thing is required in the added line: a call of \`round\`.`,
  'read the second minus': `${patch}\nRead \`result - 0\` where I wrote \`result\`.`,
  'forgot int': `${patch}\nI forgot the call of \`int()\` around it.`,
  'needs an else': `${patch}\nStill needed: an \`else\` for the empty list.`,
  'sleep over it': `${patch}\nLet us sleep on it.`,
  'red herring': `${patch}\nOn rereading, the failing test never calls \`total\`, so this does nothing.`,
  'would veto': `${patch}\nIf I were the reviewer, I would veto it.`,
  'tests go red': `${patch}\nWith it, three other tests go red.`,
  'bad idea': `${patch}\nA bad idea, now that I see the callers.`,
  'only guessing': `${patch}\nI was only guessing.`,
  'reject that': `${patch}\nReject.`,
  nah: `${patch}\nNah.`,
  'strike it': `${patch}\nStrike the above from the record.`,
  'not for real': `${patch}\nThat was a joke, obviously.`,
  placeholder: `${patch}\nTreat the value as a placeholder; the true one has to come from finance.`,
  'untrue premise': `${patch}\nThe premise of all this is false, though.`,
  'over to you': `${patch}\nMy advice: wait for the maintainers to settle the rounding question before this goes in.`,
  regresses: `${patch}\nSadly it makes \`gross\` fail.`,
  'wrong file, in other words': `${patch}\nWrong file, I'm afraid.`,
  'other cause': `${patch}\nThe real cause lies elsewhere: the fixture is broken.`,
  'scrap before': `The following didn't survive a second look:\n\n${patch}`,
  'do not copy, in other words': `Please don't copy this into the tree:\n\n${patch}`,
  'what they tried': `An approach that fails:\n\n${patch}`,
  'typo there': `${patch}\nThere's a typo up there.`,
  'swap names': `${patch}\nCall the variable \`amount\` rather than \`result\` in that line.`,
  'and a semicolon': `${patch}\nAdd \`or 0\` at the end of the new line.`,
})

const meant = cases(mended, {
  'run tests': `${patch}\nYou may want to run the tests.`,
  'no change of gross': `${patch}\nNote that I did not change \`gross\`.`,
  'tell me': `${patch}\nIf this does not work, tell me.`,
  'wait for CI': `${patch}\nWait for CI before you tag a release.`,
  'explains why': `${patch}\nThe subtraction was left over from an older version that counted a header row.`,
  hope: `${patch}\nHope that helps!`,
  'confidence, in one word': `${patch}\nConfidence: high.`,
  'summary list': `${patch}\n**Summary**\n\n- \`total\` returns the plain sum\n- no other file is touched\n- the signature stays the same`,
  backward: `${patch}\nThis is backwards compatible: callers that passed an empty list got -1 and now get 0.`,
  'alternative told': `${patch}\nI considered replacing the loop with \`sum()\`, but kept the diff minimal.`,
  'commit message': `${patch}\nSuggested commit message: "Return the sum itself in total".`,
  'apply with': `${patch}\nApply it with \`git apply\`, then run \`pytest test/shop.py\`.`,
  'root cause': `${patch}\nRoot cause: an off-by-one error in the return statement.`,
  'edge cases': `${patch}\nEdge cases such as an empty basket or negative prices behave as expected.`,
  'could not run, in other words': `${patch}\nI could not execute anything here, so this is untested.`,
  'follow-up': `${patch}\nAs a follow-up, it would be good to add a regression test for an empty list.`,
  'rate note': `${patch}\nUnrelated: \`RATE\` looks odd to me, but I left it alone.`,
  question: `${patch}\nWould you like me to add type hints as well?`,
  done: `${patch}\nDone.`,
  'german accounting': `${patch}\nAccountants round only once, at the end, so nothing is taken off here.`,
  'python trivia': `${patch}\nPython evaluates the expression lazily nowhere here, hence there is no cost.`,
  complexity: `${patch}\nComplexity remains O(n).`,
  'if none': `${patch}\nIf \`prices\` is \`None\`, a \`TypeError\` is still raised, as before.`,
  'verify steps': `${patch}\n### How to verify\n\n1. Check out the branch.\n2. Run \`python test/shop.py\`.\n3. It exits with status 0.`,
  'failing before': `${patch}\nBefore: \`total([1])\` was 0 and the assertion failed. After: it is 1.`,
})

const structure = [
  ...cases(mended, {
    'channel draft': `<|channel|>analysis<|message|>Maybe:\n\n${port}\n<|end|><|start|>assistant<|channel|>final<|message|>${patch}`,
    'listing beside': `Currently \`src/shop.py\` has:\n\n\`\`\`python\n    for price in prices:\n        result += price\n    return result - 1\n\`\`\`\n\nThe change:\n\n${patch}`,
    'second after wait': `${fenced(PATCH.replace('+    return result', '+    return result + 1'))}\nWait, that counts one too many. This is what I mean:\n\n${patch}`,
    "user's own": `You posted this attempt:\n\n${fenced(RATE_PATCH)}\nIt does not touch the failing line. Use this:\n\n${patch}`,
  }),
  ...cases('conflict', {
    'either file': `You can mend the sum:\n\n${patch}\nAlternatively, change the port:\n\n${port}`,
    'or rather config': `${patch}\nOr, if you would rather keep the code:\n\n${port}`,
  }),
  ...cases('truncated', {
    'part one, in other words': `Part 1 of 2:\n\n${patch}`,
    'half of it': `${patch}\nThis is the first half; the other one comes in my next message.`,
  }),
]

export const sixthThoughts: readonly ReplyCase[] = [...takenBack, ...meant, ...structure]
