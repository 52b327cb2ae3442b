import { printedText } from '../../core/bytes/index.ts'
import { named, normaliseOutput } from '../../core/failure/index.ts'
import { ruinFiles } from '../../core/verdict/index.ts'
import type { Edits } from '../../model/change.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { type Measuring, measureTree, type Round, type RoundSpec } from '../measure/index.ts'
import { roundsDifference } from '../repeat/index.ts'
import type { Session } from '../session/index.ts'

/** The parts of a session that probes with ruined files use. */
export type Probing = Measuring & Pick<Session, 'judges'>

type Probed = 'probe-changed' | 'probe-product' | 'probe-named' | 'probe-judges'

/** The tree, and the targets if not all of them are meant. */
type ProbedTargets = Pick<RoundSpec, 'tree' | 'targets'>

/** Whether such edits change what the command shows. */
async function matters(
  session: Measuring,
  what: ProbedTargets,
  round: Round,
  edits: Edits,
  is: Probed,
): Promise<boolean> {
  if (edits.size === 0) return false
  const { tree, targets } = what
  const edited = await measureTree(session, { tree, targets, step: { is }, keep: null, edits })
  for (const { execution } of edited.measurements)
    if (execution.ended.how === 'not-run') throw new PpError('SANDBOX_UNAVAILABLE', execution.ended.reason)
  return roundsDifference(round, edited) !== null || printsOtherwise(round, edited)
}

/**
 * The same tests can fail with the same message, such as "the test ended with 255", for reasons that only the rest of the output
 * tells. An output that differs from run to run counts as different too: then less is said, and it is still true.
 */
function printsOtherwise(round: Round, edited: Round): boolean {
  return round.measurements.some(({ reading, execution }, at) => {
    const other = edited.measurements[at]
    if (reading.is !== 'red' || !other) return false
    return normaliseOutput(printedText(execution)) !== normaliseOutput(printedText(other.execution))
  })
}

/**
 * Three stages: ruin the files that the change touches; ruin every product file; remove the files that the output names,
 * because a check may fail in the same way for any wrong content. `round` is what the tree showed before.
 * 'change' = the command reads the changed files; 'product' = it reads others; 'nothing' = it does not read this tree.
 */
export async function probeChange(
  session: Probing,
  what: ProbedTargets,
  round: Round,
  changed: readonly string[],
): Promise<'change' | 'product' | 'nothing'> {
  session.reporter.tell({ is: 'phase', name: 'probe', detail: 'does the command read the changed files?' })
  if (await matters(session, what, round, ruinFiles(changed), 'probe-changed')) return 'change'
  const { product } = await tracked(session, what.tree)
  if (await matters(session, what, round, ruinFiles(product), 'probe-product')) return 'product'
  const told = product.filter((path) => round.measurements.some(({ execution }) => named(printedText(execution), path)))
  const gone = new Map(told.map((path) => [path, null]))
  return (await matters(session, what, round, gone, 'probe-named')) ? 'product' : 'nothing'
}

/** For a green base: whether the command reads anything of this tree. The product is tried first, then the tests. */
export async function readsTree(session: Probing, tree: Oid, round: Round): Promise<boolean> {
  session.reporter.tell({ is: 'phase', name: 'probe', detail: 'does the command read this work tree?' })
  const { product, judges } = await tracked(session, tree)
  if (await matters(session, { tree }, round, ruinFiles(product), 'probe-product')) return true
  return matters(session, { tree }, round, ruinFiles(judges), 'probe-judges')
}

async function tracked(
  session: Pick<Session, 'objects' | 'judgeOf' | 'judges'>,
  tree: Oid,
): Promise<{ product: string[]; judges: string[] }> {
  const files = (await session.objects.list(tree)).filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path)
  // A script that is a judge only because the command names it counts as product here: if the command reads it, it reads this
  // tree. Tests do not show that.
  const isProduct = (path: string) => session.judgeOf(path) === null || session.judges.has(path)
  return { product: files.filter(isProduct), judges: files.filter((path) => !isProduct(path)) }
}
