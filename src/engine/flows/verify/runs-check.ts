import { environmentOf } from '../../core/attest/index.ts'
import { changedLines, executedPhrase } from '../../core/executed/index.ts'
import { claimedJudges } from '../../core/found-judges/index.ts'
import { editedTreeId, formatOf } from '../../core/gitobject/index.ts'
import { judgeChangePermission, judgeClassifierOf } from '../../core/judges/index.ts'
import { allowMatcher, isSourceFile } from '../../core/paths/index.ts'
import { missingRuns } from '../../core/record/index.ts'
import {
  broughtTests,
  type ChangeSplit,
  editsToBring,
  editsToPutBack,
  judgesInTheWay,
  judgesToPutBack,
  touchedJudges,
} from '../../core/split/index.ts'
import { trialsLine } from '../../core/trials/index.ts'
import type { Change } from '../../model/change.ts'
import { changePartsOf } from './change-parts.ts'
import type { ContentCheck } from './content-check.ts'
import { checkFailed, checkPassed, type ProofCase, type TreeContents, type VerifierPorts } from './proof-case.ts'

/** Is there evidence of enough red and green runs, each of the right tree? */
export const ranOftenEnough: ContentCheck = async (it, contents, ports, { gate }) => {
  const { bundle, repro, policy, finalTree } = it
  const { base, final } = contents
  const parts = await changePartsOf(it, contents, ports, gate?.policy.tests.patterns ?? [])
  const allowed = allowedOf(it, contents)
  if (lacksProduct(it, parts, allowed))
    return checkFailed(
      'NOT_A_PROOF',
      'the change edits no product: the record says that the run of the base executes none of its files',
    )
  const format = formatOf(finalTree)
  const red = editedTreeId(base, editsToBring(broughtTests(parts, allowed), parts.inside), format)
  const judges = policy.tests.allowChanges ? [] : touchedJudges(parts).filter(({ path }) => !allowed(path))
  const inside = policy.tests.allowChanges ? [] : parts.inside.filter((one) => !allowed(one.change.path))
  const isAsked = judges.length + inside.length > 0
  const judged = isAsked ? editedTreeId(final, editsToPutBack(judges, inside), format) : null
  const left = judgesToPutBack(
    judges,
    repro.targets,
    final.map(({ path }) => path),
  )
  const named = left === null ? null : editedTreeId(final, editsToPutBack(left, inside), format)
  const isPreserved = repro.verdict === 'PRESERVED'
  const [touched] = isPreserved ? [...judgesInTheWay(parts), ...parts.programs] : []
  if (touched !== undefined)
    return checkFailed('NOT_A_PROOF', `a change without a red may not edit what decides, but it edits ${touched}`)
  const lines = isPreserved ? { changedLines: await changedLinesOf(parts, ports) } : {}
  const trees = { base: repro.base.tree, red, final: finalTree, judged, named, ...lines }
  const lacking = missingRuns(bundle, repro, policy, trees)
  if (lacking !== null) return checkFailed('NOT_A_PROOF', `the recorded runs do not prove it: ${lacking}`)
  const open = environmentOf(bundle).network === 'allow' ? ', network open' : ''
  const { counts, trials, focus, executed } = repro
  if (executed)
    return checkPassed(
      `${counts.before ?? 0} green without the change, ${counts.greens} green with it; ${executedPhrase(executed)}${open}`,
    )
  const only = focus ? `, ${focus.reds} and ${focus.greens} of these with only the failing tests` : ''
  const ran =
    repro.verdict === 'STABILIZED' && trials
      ? trialsLine(trials)
      : `${counts.reds} red without the change, ${counts.greens} green with it${only}`
  return checkPassed(`${ran}${open}`)
}

/** How many lines of text the product of a change removes, replaces or brings. */
async function changedLinesOf({ product }: ChangeSplit, { objects }: VerifierPorts): Promise<number> {
  const textOf = async (side: Change['before']) =>
    side?.mode.startsWith('100') ? new TextDecoder().decode(await objects.read(side.oid)) : null
  let count = 0
  for (const { path, before, after } of product)
    for (const { lines } of changedLines(path, await textOf(before), await textOf(after))) count += lines.size
  return count
}

/** Whether the record of an observed run calls no changed file product, and the policy names none of the others. */
function lacksProduct(
  { bundle, repro, policy }: ProofCase,
  { product }: ChangeSplit,
  allowed: (path: string) => boolean,
) {
  if (repro.observed !== true || product.length === 0) return false
  const claims = new Map(claimedJudges(bundle).map(({ path, judge }) => [path, judge]))
  const written = allowMatcher(policy.writeAllowlist.flat())
  return product.every(
    ({ path }) =>
      !['product', 'program'].includes(claims.get(path) ?? '') &&
      !(claims.get(path) === 'not seen' && isSourceFile(path)) &&
      !allowed(path) &&
      written(path)?.source.from === 'default',
  )
}

/** The judges that the recorded policy allows to be changed. */
function allowedOf({ policy }: ProofCase, { base }: TreeContents): (path: string) => boolean {
  const byName = judgeClassifierOf(policy.tests.patterns)
  const names = base.flatMap(({ path }) => (byName(path) === null ? [] : [path]))
  const by = judgeChangePermission(policy.tests.allow, names)
  return (path) => by(path) !== null
}
