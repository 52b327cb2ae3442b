import { PATCH } from '../replies.ts'
import { answering, both, cases, fenced, mended, PORT_PATCH, ported, RATE_PATCH, type ReplyCase } from './case.ts'

const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)

/** The words after the only patch take it back, or they change it without another patch. */
const takenBack = cases('withdrawn', {
  'please do not apply it': `${patch}\nThat is one idea, but please do not apply it: the callers rely on the old sum.`,
  'never merge this': `${patch}\nI would never merge this as it is.`,
  'you should not use the patch': `Here is a sketch.\n${patch}\nYou should not use the patch above; it hides the cause.`,
  'hold off': `${patch}\nPlease hold off on this change until I have seen \`gross\`.`,
  'disregard it': `${patch}\nDisregard that diff, I misread the loop.`,
  'I take it back': `${patch}\nOn reflection I take this back.`,
  'only to show the idea': `${patch}\nThis is for illustration only and is not meant to be applied.`,
  'it must not be applied': `${patch}\nThis patch must not be applied before the schema is known.`,
  'the last line should be another': `${patch}\nWait, the last line should be \`return result + 0\`.`,
  oops: `${patch}\nOops, that added line needs to round the sum as well.`,
  'the hunk should read otherwise': `${patch}\nThe second line of the hunk should read \`for price in sorted(prices):\`.`,
  'what is written is wrong': `${patch}\nHmm, no. The diff above is wrong, since \`result\` is a list in that case.`,
  'a correction is promised': `${patch}\nThat will not work for an empty list. Let me fix that in my next message.`,
  'in the added line, replace': `${patch}\nCorrection: in the added line, replace \`result\` by \`round(result)\`.`,
  'bare, then taken back': `${PATCH}\nPlease don't apply this yet. I need to see the tests first.\n`,
  'a SEARCH block, then taken back':
    'src/shop.py\n<<<<<<< SEARCH\n    return result - 1\n=======\n    return result\n>>>>>>> REPLACE\n\nScratch that, the callers add one.',
  'a call, then taken back': `<edit>\n<path>src/shop.py</path>\n<old_str>    return result - 1</old_str>\n<new_str>    return result</new_str>\n</edit>\n\nActually, do not make this edit; it breaks gross().`,
  'the warning stands before it': `Do not apply the following patch, it only shows what I tried:\n\n${patch}`,
  'this is what not to do': `This is what you must not do:\n\n${patch}`,
})

/** Words that look similar, after a patch that is meant. */
const meant = cases(mended, {
  'what the tests should be': `${patch}\nThe sum of \`[1]\` should be 1, not 0.`,
  'what the code should have been': `${patch}\nThe last line should be \`return result\`, because nothing has to be taken off.`,
  'do not forget': `${patch}\nDon't forget to run the tests again.`,
  'do not use': `${patch}\nI did not use \`sum()\`, to keep the change small. Do not use floats for prices.`,
  'does not apply': `${patch}\nThe discount does not apply to gross prices, so \`gross\` stays.`,
  'no other change': `${patch}\nYou do not need to apply anything else.`,
  'wait as a verb': `${patch}\nWait for the build to finish; nothing else is to be done.`,
  'the old code was wrong': `${patch}\nThe old return was wrong: it took one off. That is wrong for every list.`,
  'ignore the blank lines': `${patch}\nIgnore the blank lines, they only show the place.`,
  actually: `${patch}\nActually only this one line was off.`,
  'an alternative in words': `${patch}\nAlternatively, one could use \`sum()\`, but that would be a larger change.`,
  'a warning against the other way': `Do not change the test. The sum is off by one:\n\n${patch}`,
})

const wait = [
  ...cases(mended, {
    'wait, and another place': `${rate}\nWait, the rate is right. The sum is at fault:\n\n${patch}`,
    'wait, and another file': `${port}\nHmm, scratch that: the port has nothing to do with it. Use this instead:\n\n${patch}`,
    'wait, between bare patches': `${RATE_PATCH}\nWait, that is not it. The corrected patch:\n\n${PATCH}`,
    'let me redo it': `${fenced(answering('return result + 1'))}\nNo, that adds one too many. Let me redo it:\n\n${patch}`,
    'a mistake': `${fenced(answering('return results'))}\nI made a mistake there, the name is \`result\`:\n\n${patch}`,
    'taken back twice': `${rate}\nWait, no.\n\n${port}\nThat is wrong, too. Final answer:\n\n${patch}`,
  }),
  ...cases(both, {
    'wait, also': `${patch}\nWait, the rate has to change as well:\n\n${rate}`,
    'oh, and one more': `${patch}\nI forgot the rate, which also needs this:\n\n${rate}`,
  }),
  ...cases('conflict', {
    'wait, and nothing that says which': `${patch}\nWait.\n\n${port}`,
  }),
]

const parts = [
  ...cases('truncated', {
    'part 1 of 2': `Part 1 of 2 (do not use it on its own):\n\n${patch}`,
    'the rest will follow': `${patch}\nThe remaining hunks follow in my next message.`,
    'not on its own': `${patch}\nThis does not work on its own; the caller has to change, too.`,
    'the first of three patches': `This is the first of three patches.\n\n${patch}`,
    'a mailed series without its end': `Subject: [PATCH 1/2] Mend the sum\n\n${PATCH}`,
    'to be continued': `${patch}\n(to be continued)`,
  }),
  ...cases(
    { ...mended, ...ported },
    {
      'both of two parts': `Part 1 of 2:\n\n${patch}\nPart 2 of 2:\n\n${port}`,
      'a mailed series': `Subject: [PATCH 1/2] Mend the sum\n\n${PATCH}\nSubject: [PATCH 2/2] Move the port\n\n${PORT_PATCH}`,
    },
  ),
  ...cases(mended, {
    '1 of 2 tests': `1 of 2 tests fails because part of the sum is missing.\n\n${patch}`,
    'works on its own': `${patch}\nThis change works on its own.`,
  }),
]

const alternatives = [
  ...cases('conflict', {
    alternatively: `${patch}\nAlternatively, leave the code and move the port:\n\n${port}`,
    'two options': `### Option A\n\n${patch}\n### Option B\n\n${port}`,
    or: `${patch}\nOr, if the port is at fault:\n\n${port}`,
    'another approach': `First approach:\n\n${patch}\nAnother approach would be this:\n\n${port}`,
    'if you prefer': `${rate}\nIf you would rather keep the rate, mend the sum instead:\n\n${patch}`,
    'either of bare patches': `Either this:\n\n${PATCH}\nor this:\n\n${PORT_PATCH}`,
  }),
  ...cases(mended, {
    'the same in another form': `${patch}\nOr, as a block:\n\nsrc/shop.py\n\`\`\`\n<<<<<<< SEARCH\n    return result - 1\n=======\n    return result\n>>>>>>> REPLACE\n\`\`\`\n`,
  }),
  ...cases(
    { ...mended, ...ported },
    {
      'and the other file': `${patch}\nAnd in the other file:\n\n${port}`,
      'either way': `${patch}\nEither way, the port has to move:\n\n${port}`,
    },
  ),
]

export const withdrawn: readonly ReplyCase[] = [...takenBack, ...meant, ...wait, ...parts, ...alternatives]
