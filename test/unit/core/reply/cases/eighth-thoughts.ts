import { PATCH } from '../replies.ts'
import { cases, fenced, mended, type ReplyCase } from './case.ts'

// Written after the rules were mended for seventh-thoughts.ts, again in other words; docs/results.md has the first reading.
const patch = fenced(PATCH)

const takenBack = cases('withdrawn', {
  'please do not apply': `${patch}\nPlease do not apply.`,
  'I would not merge this': `${patch}\nI would not merge this.`,
  'hold off on this one': `${patch}\nHold off on this one.`,
  'this will not work': `${patch}\nThis will not work after all.`,
  'bracket lost': `${patch}\nI lost a bracket while typing the new line.`,
  'should be plus': `${patch}\nOops, plus one, not minus nothing.`,
  'count me out': `${patch}\nOn this one, count me out.`,
  withhold: `${patch}\nI'm withholding it for now.`,
  'not until': `${patch}\nNot until the accounting department agrees.`,
  'do as before': `${patch}\nSubtracting one was correct, after all.`,
  'look before': `${patch}\nLook at \`gross\` first; I suspect that it makes this moot.`,
  'bogus context': `${patch}\nCaveat: I invented the surrounding lines.`,
  'use sum': `${patch}\nMake the new line use \`sum\` in place of \`result\`.`,
  'red on CI': `${patch}\nCI is red with this.`,
  'consider it gone': `${patch}\nRegard it as gone.`,
  'burn after reading': `${patch}\nBurn after reading.`,
  'wrong problem': `${patch}\nThat cures a different disease.`,
  'never mind the patch': `${patch}\nNever you mind.`,
  'a quick hack': `The quick hack that I advise against:\n\n${patch}`,
  'my predecessor': `My colleague's failed experiment:\n\n${patch}`,
})

const meant = cases(mended, {
  changelog: `${patch}\nYou might add a line to the changelog.`,
  'no new dependency': `${patch}\nNo new dependencies.`,
  'why not before': `${patch}\nNobody noticed this earlier because the old test only used an empty list.`,
  'explains rename': `${patch}\nI kept the variable's name; renaming it would make the diff noisier.`,
  'one more place': `${patch}\nI searched the tree for similar code and found none.`,
  'result of run': `${patch}\nRunning \`python test/shop.py\` now exits with 0.`,
  docs: `${patch}\nThe documentation already describes this behaviour.`,
  assumption: `${patch}\nI assumed that prices are numbers.`,
  'tests first': `${patch}\nPlease run the full suite to be sure that nothing else depended on the old value.`,
  performance: `${patch}\nPerformance is the same.`,
  'heading and list': `${patch}\n## Explanation\n\n1. **Cause**: the result was decremented before it was returned.\n2. **Remedy**: the decrement is gone.\n3. **Scope**: one line.`,
  'let me know, in other words': `${patch}\nLet me know if you'd like a regression test too.`,
  'not broken': `${patch}\nNothing that worked before breaks.`,
  'first look': `I looked at the traceback first, then at \`total\`. The patch below drops the stray decrement.\n\n${patch}`,
})

export const eighthThoughts: readonly ReplyCase[] = [...takenBack, ...meant]
