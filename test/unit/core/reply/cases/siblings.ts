// Written after the rules, in other words; the first reading of each table is in docs/results.md.
import { HUNK, MENDED, PATCH, SHOP } from '../replies.ts'
import {
  answering,
  both,
  cases,
  fenced,
  mended,
  OLD,
  PORT_PATCH,
  ported,
  RATE_PATCH,
  type ReplyCase,
  YOUNG,
} from './case.ts'

const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)
const python = (text: string): string => fenced(text, 'python')

const takenBack = cases('withdrawn', {
  'this should not go in': `${patch}\nThis should not go in before somebody has looked at the callers.`,
  'leave it out': `${patch}\nOn reflection, leave this patch out.`,
  'kept only to show': `${patch}\nI only include this diff to show where the fault is; it is not a fix.`,
  'please wait with it': `${patch}\nPlease wait with this one. I want to see the output of the other test first.`,
  'hang on': `${patch}\nHang on - \`prices\` may be a generator, and then \`return\` has to come before the loop.`,
  'the context is off': `${patch}\nNote: the context lines above are wrong, I typed them from memory.`,
  'the patch is not right yet': `${patch}\nThe patch is not right yet. I have to look at \`Basket\` as well.`,
  'one more character': `${patch}\nAh, the added line needs a trailing comment: \`return result  # sum\`.`,
  'on second thought': `${patch}\nOn second thought, subtracting one was right.`,
  'I was wrong': `${patch}\nNo, I was wrong about the cause.`,
  discard: `${patch}\n\nDiscard the above.`,
  'a typo': `${patch}\nThere is a typo in the added line: it must read \`return float(result)\`.`,
  'replace the last line': `${patch}\nPlease change the last line of the patch to \`return abs(result)\`.`,
  'would break': `${patch}\nI would not apply that, it breaks \`gross\`.`,
  'do not run': `${patch}\nDon't use the above patch as is.`,
  'withdrawn by name': `${patch}\nI withdraw this patch.`,
  'unsafe to apply': `${patch}\nThis is not safe to apply.`,
  'a counterexample': `Here is how not to do it:\n\n${patch}`,
})

const explained = cases(mended, {
  'what the change should do': `${patch}\nThis change should make all tests pass. It should be safe, since nobody depends on the old sum.`,
  'what must not be done': `${patch}\nNote that \`total\` must not modify its argument, and it does not.`,
  'how to apply': `Apply this with \`git apply\`:\n\n${patch}\nIf it does not apply, tell me and I will look again.`,
  'do not worry': `${patch}\nDo not worry about \`gross\`, it is not used in this test.`,
  'never was': `${patch}\nThe subtraction was never needed. It was probably a leftover of a change of the loop.`,
  'not only': `${patch}\nThis does not change any other behaviour and does not need a new test.`,
  'should have been': `The loop is fine; the returned value should have been the sum itself.\n\n${patch}\nThe returned value must be the plain sum.`,
  'instead of': `${patch}\nIt now returns the sum instead of the sum minus one.`,
  'wrong before': `${patch}\nThe previous code was wrong because the last line of \`total\` took one off.`,
  'let me know': `${patch}\nLet me know if this works or if you want me to change anything else.`,
  'remaining tests': `${patch}\nThe remaining tests should pass without changes. The rest of the file stays the same.`,
  'I could not run it': `${patch}\nI have not run the tests. Please run them before you merge.`,
  'the first thing': `The first attempt to look at is \`total\`. You tried to sum the prices, and the last line takes one off.\n\n${patch}`,
  sorry: `Sorry for the wrong patch before. My previous attempt changed the rate, which did not help. This mends the sum:\n\n${patch}`,
  'earlier I was wrong': `${patch}\nMy earlier patch did not apply because I made a mistake in the context.`,
  'a list of changes': `${patch}\n### What changed\n- The last line of \`total\` now returns \`result\`.\n- Nothing else needs to change.\n`,
  'no braces': `${patch}\n> Note: do not change the tests.\n`,
  'it would be wrong to': `${patch}\nIt would be wrong to change the test instead.`,
  'the line to look at': `In \`total\`, the last line must return \`result\`; the fix:\n\n${patch}`,
  'optional next step': `${patch}\nYou could also add a test for an empty list.`,
  'as a check': `${patch}\nAfter this change \`total([1])\` should be \`1\`.`,
  undo: `${patch}\nTo undo this change, run \`git checkout src/shop.py\`.`,
  'part of': `${patch}\nThis is part of a larger problem with rounding, which is not needed for this test.`,
  'one of two': `There are two bugs, but only one of them matters for this test.\n\n${patch}`,
  'a snippet first': `The culprit:\n\n${python('    return result - 1')}\nThe fix:\n\n${patch}`,
})

const several = [
  ...cases(
    { ...mended, ...ported },
    {
      'next file': `First, the sum:\n\n${patch}\nNext, the configuration:\n\n${port}`,
      'a second change': `${patch}\nThe second change is in the configuration, where the port must not be 1:\n\n${port}`,
      headings: `### 1. The sum\n\n${patch}\n### 2. The port\n\n${port}`,
      'changes 1 of 2 and 2 of 2': `**Change 1/2**\n\n${patch}\n**Change 2/2**\n\n${port}`,
    },
  ),
  ...cases('conflict', {
    'choose one': `You can choose one of these.\n\n${patch}\nThe other possibility is the port:\n\n${port}`,
    'variant B': `Variant A:\n${patch}\nVariant B:\n${port}`,
    'solution 2': `**Solution 1: the sum**\n\n${patch}\n**Solution 2: the port**\n\n${port}`,
    'if that does not help': `${patch}\nIf that does not help, try this one:\n\n${port}`,
    'plan B': `${patch}\nAs a fallback:\n\n${port}`,
  }),
  ...cases(mended, {
    'no, better': `${rate}\nNo, better to leave the rate alone and mend the sum:\n\n${patch}`,
    'that was not it': `${rate}\nThat was not it. Looking again, \`total\` takes one off:\n\n${patch}`,
    'the patch above is wrong': `${port}\nThe patch above is wrong. Correct one below.\n\n${patch}`,
    revised: `${fenced(answering('return result + 2'))}\nRevised patch after checking the test:\n\n${patch}`,
    'actual answer': `${rate}\nIgnore that. Here is the actual answer:\n\n${patch}`,
  }),
  ...cases(both, { 'I also noticed': `${patch}\nWait, I also noticed that the rate is off:\n\n${rate}` }),
]

const quoted = [
  ...cases(mended, {
    'last attempt': `Last attempt:\n\n${rate}\nThis one:\n\n${patch}`,
    'you had': `What you had:\n\n${rate}\nWhat you need:\n\n${patch}`,
    'the change that broke it': `The change that broke it:\n\n${rate}\nThe repair:\n\n${patch}`,
    'in the log': `From the log (already applied):\n\n${rate}\nNow apply:\n\n${patch}`,
    'your diff': `I looked at your diff:\n\n${rate}\nIt misses the sum. Use this:\n\n${patch}`,
    'attempt 1': `Attempt 1 was:\n\n${rate}\nAttempt 2:\n\n${patch}`,
  }),
]

const K = '<|tool_call_begin|>'
const call = JSON.stringify({ path: 'src/shop.py', old_string: OLD, new_string: YOUNG })
const forms = [
  ...cases(mended, {
    'a call after tokens of a header': `<|start_header_id|>assistant<|end_header_id|>\n\n${call}<|eot_id|>`,
    'a call in a list of messages': `<|im_start|>assistant\n${K}edit\n${call}<|im_end|>`,
    'a listing with numbers beside the patch': `\`src/shop.py\`:\n\n${python(
      SHOP.split('\n')
        .map((line, n) => `${n + 1} | ${line}`)
        .join('\n'),
    )}\n${patch}`,
    'old and new, in words': `In \`src/shop.py\` the code is currently\n\n${python(OLD)}\nand should be\n\n${python(YOUNG)}`,
    'from and to': `src/shop.py\n\nFrom:\n${python(OLD)}\nTo:\n${python(YOUNG)}`,
    'the whole function under its name': `**src/shop.py** - fixed \`total()\`:\n\n${python(MENDED.slice(MENDED.indexOf('def total'), MENDED.indexOf('def gross')).trimEnd())}`,
    'narrow spaces in the indents': `--- a/src/shop.py\n+++ b/src/shop.py\n${HUNK.replace(/(?<=^[-+ ] *) (?=[ \S])/gm, '\u202f')}`,
  }),
  ...cases('truncated', {
    'a cut call after a whole diff': `${patch}\n\n{"path": "conf/a.yaml", "old_string": "port: 1", "new_st`,
    'a cut tag after a whole one': `<edit><path>src/shop.py</path><old>${OLD}</old><new>${YOUNG}</new></edit>\n<edit><path>conf/a.yaml</path><old>port: 1</old><new>port`,
    'cut in a list of patches': JSON.stringify({ patches: [PATCH, PORT_PATCH] }).slice(0, -30),
    'cut after a comma': `{"edits": [${call},`,
  }),
]

export const siblings: readonly ReplyCase[] = [...takenBack, ...explained, ...several, ...quoted, ...forms]
