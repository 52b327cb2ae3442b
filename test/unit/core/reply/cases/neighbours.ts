// Written after the rules, in other words; the first reading of each table is in docs/results.md.
import { HUNK, MENDED, PATCH, SHOP, TREE } from '../replies.ts'
import {
  answering,
  cases,
  fenced,
  mended,
  OLD,
  PORT_PATCH,
  ported,
  RATE_PATCH,
  type ReplyCase,
  rated,
  YOUNG,
} from './case.ts'

const patch = fenced(PATCH)
const port = fenced(PORT_PATCH)
const rate = fenced(RATE_PATCH)
const python = (text: string): string => fenced(text, 'python')

const takenBack = cases('withdrawn', {
  'not yet': `${patch}\nNot for applying yet - I still have to check \`gross\`.`,
  'kindly ignore': `${patch}\nKindly ignore the diff above.`,
  'it is a draft': `${patch}\nTreat this as a draft; do not apply.`,
  'no longer believed': `${patch}\nThinking about it more, this patch is wrong.`,
  'forgot a line': `${patch}\nWait - I forgot that \`result\` may be a Decimal, so the return must be \`float(result)\`.`,
  'one line off': `${patch}\nEdit: the return line should instead be \`return max(result, 0)\`.`,
  'should say': `${patch}\nThe \`+\` line should say \`return round(result)\`.`,
  'please change': `${patch}\nPlease replace \`return result\` with \`return result or 0\` before applying.`,
  'in bold': `${patch}\n**Do not apply this patch.** It only documents the experiment.`,
  'as a warning above': `WARNING: this diff is not to be applied.\n\n${patch}`,
  'rejected by its author': `${patch}\nI tried this and it does not work, so please do not use it.`,
  'the user must not': `The following diff is what I would NOT recommend:\n\n${patch}`,
  apologies: `${patch}\nApologies, that patch is incorrect.`,
  'needs more': `${patch}\nThis patch alone will not make the test pass; \`gross\` has to be changed too, and I have not seen it.`,
  stop: `${patch}\nStop, don't apply that.`,
})

const explained = cases(mended, {
  'the fix': `${patch}\n**Explanation:** \`total\` subtracted 1 from the sum. The patch removes that. No other code is wrong.`,
  'not needed': `${patch}\nA test is not needed for this. Do not add one.`,
  'edge case': `${patch}\nFor an empty list the function must return 0, which it does.`,
  'what I considered': `${patch}\nI considered changing the test, but that would be wrong, and the rules forbid it.`,
  'why not the rate': `I first thought the rate was wrong, but it is not.\n\n${patch}`,
  'wait in thought': `Wait, the sum is one too small. So the return is at fault:\n\n${patch}`,
  'hmm before': `Hmm, let me look. The loop is right. The return is not.\n\n${patch}`,
  'actually before': `Actually, I made a mistake in my first attempt. The correct patch is:\n\n${patch}`,
  'previous one': `My previous patch should not be applied. Apply this one:\n\n${patch}`,
  'no side effects': `${patch}\nThe change is minimal and should not affect \`gross\` or \`Basket\`.`,
  careful: `${patch}\nBe careful: callers that added one to the result must stop doing so.`,
  'lines numbers': `${patch}\nThe line numbers in the hunk header are approximate.`,
  'alternative rejected': `${patch}\nAn alternative would be to use \`sum(prices)\`. I did not do that to keep the patch small.`,
  confidence: `${patch}\nI am confident that this is right; if not, please send me the new output.`,
  'the old line': `${patch}\nThe removed line was wrong. The added line is right.`,
  'what it must be': `The result must be the sum. Currently it is one less, which is not correct.\n\n${patch}\nThat is all.`,
  run: `${patch}\nRun \`pytest -q\` again. It should be green.`,
  'both of them': `The bug is in \`total\`, not in \`gross\`. Do not touch \`gross\`.\n\n${patch}`,
})

const several = [
  ...cases(
    { ...mended, ...ported },
    {
      'and then': `${patch}\nThen, in \`conf/a.yaml\`, the port is wrong, too. It should be 2:\n\n${port}`,
      'the port also': `${patch}\nThe port in the configuration also has to change:\n\n${port}`,
      'bare, two files': `${PATCH}\n${PORT_PATCH}`,
      numbered: `1. Mend the sum:\n\n${patch}\n2. Move the port:\n\n${port}`,
    },
  ),
  ...cases('conflict', {
    'pick one': `Pick one:\n\nA.\n${patch}\nor B.\n${port}`,
    'a different fix': `${patch}\nA different fix, if you do not want to touch the code:\n\n${port}`,
    'the other way': `One way:\n\n${patch}\nThe other way:\n\n${port}`,
    'in case': `${patch}\nIn case this does not suffice:\n\n${port}`,
  }),
  ...cases(mended, {
    'scrap that': `${rate}\nScrap that. It is the sum:\n\n${patch}`,
    'hold on': `${rate}\nHold on, the rate is fine.\nCorrected:\n\n${patch}`,
    'my mistake': `${fenced(answering('return result - 2'))}\nMy mistake, wrong direction. Here is the right one:\n\n${patch}`,
    'bare, ignored': `${RATE_PATCH}\nIgnore the above. New patch:\n\n${PATCH}`,
  }),
  ...cases('truncated', {
    'first half': `Here is the first half of the change; the second half comes in the next message.\n\n${patch}`,
    'more to come': `${patch}\nThe changes to the other files will follow in my next reply.`,
    '(1/3)': `(1/3)\n\n${patch}`,
    'step 1 of 2 alone': `Step 1 of 2. Do not run anything before step 2.\n\n${patch}`,
  }),
]

const quoted = cases(mended, {
  'what was applied before': `This was applied in the last round:\n\n${rate}\nNow:\n\n${patch}`,
  'the upstream commit': `Upstream commit abc1234 reads:\n\n${rate}\nFor us:\n\n${patch}`,
  'you wrote': `> You wrote:\n>\n${RATE_PATCH.replace(/^/gm, '> ').replace(/> $/, '')}\nI would do this:\n\n${patch}`,
  'for context': `For context, this is the patch you sent me:\n\n${rate}\nMine is\n\n${patch}`,
  'attempt 2 failed': `Attempt 2 failed:\n\n${rate}\nAttempt 3:\n\n${patch}`,
})

const forms = [
  ...cases(mended, {
    'the file first, in full': `Contents of src/shop.py (unchanged):\n\n${python(SHOP)}\nDiff:\n${patch}`,
    'a part of the file first': `The function in src/shop.py is\n\n${python(SHOP.slice(SHOP.indexOf('def total'), SHOP.indexOf('def gross')).trimEnd())}\nand the diff is\n\n${patch}`,
    'suggested first': `src/shop.py\n\nOld code:\n${python(OLD)}\nProposed replacement:\n${python(YOUNG)}`,
    'a function of a heading': `## \`src/shop.py\`\n\nUpdate \`total\`:\n\n${python(MENDED.slice(MENDED.indexOf('def total'), MENDED.indexOf('def gross')).trimEnd())}`,
    'calls in a list': JSON.stringify({
      tool_calls: [
        {
          function: {
            name: 'edit',
            arguments: JSON.stringify({
              file_path: 'src/shop.py',
              old_string: OLD,
              new_string: YOUNG,
              replace_all: false,
            }),
          },
        },
      ],
    }),
    'tabs and no-break spaces': `--- a/src/shop.py\n+++ b/src/shop.py\n${HUNK.replaceAll('    ', ' \u00a0 \u00a0')}`,
  }),
  ...cases(rated, {
    'an edit with its line': JSON.stringify({
      edits: [{ file: 'src/shop.py', line: 4, old: 'RATE = 0.19', new: 'RATE = 0.2' }],
    }),
  }),
  ...cases('ambiguous', {
    'a line in prose and a function in the header': `In \`remove\`, line 24:\n\n${fenced('--- a/src/shop.py\n+++ b/src/shop.py\n@@ -24,2 +24,2 @@ def remove(self, item):\n         if item is None:\n-            return self\n+            return None\n')}`,
    'a start line and a twin, off by one': JSON.stringify({
      path: 'src/shop.py',
      start_line: 30,
      old_string: '            return self',
      new_string: '            return None',
    }),
  }),
  ...cases('unanchored', {
    'a piece of a small file': `\`src/cart.go\`:\n\n${fenced((TREE['src/cart.go'] ?? '').slice('package cart\n\n'.length).replace('-=', '+='), 'go')}`,
  }),
  ...cases('truncated', {
    'a call cut before its new text': `<invoke name="edit">\n<parameter name="path">src/shop.py</parameter>\n<parameter name="old_str">${OLD}</parameter>\n<parameter name="new_str">    return resu`,
    'a fenced list that is cut': `\`\`\`json\n[{"path": "src/shop.py", "old": "RATE = 0.19", "new": "RATE = 0.2"}, {"path": "src/shop.py", "old": "    retu`,
  }),
]

export const neighbours: readonly ReplyCase[] = [...takenBack, ...explained, ...several, ...quoted, ...forms]
