import { FILES } from '../../core/bundle-layout/index.ts'
import { claimedJudges, withClaimedJudges } from '../../core/found-judges/index.ts'
import { historyDifference, recordedHistoryFacts } from '../../core/history/index.ts'
import { stringMasker } from '../../core/redact/index.ts'
import { spellCommand } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Repro } from '../../model/proof.ts'
import { type ReplayResult, SCHEMA_VERSION, type Trials } from '../../model/session.ts'
import { changeCandidate } from '../change/index.ts'
import { type Measurement, measureTree, type Round, tamperedJudges, writesDenied } from '../measure/index.ts'
import type { Proving } from '../proof/index.ts'
import { firstRuns } from '../proof/index.ts'
import type { Session } from '../session/index.ts'
import type { FoundProof } from '../store/index.ts'
import { maskedInspector } from './masked-inspector.ts'
import { replayFailingTests } from './replay-failing-tests.ts'
import { replayGreens } from './replay-greens.ts'
import { replayTrials } from './replay-trials.ts'
import { suiteDiffers } from './suite-differs.ts'

/** The parts of a session that a replay uses. */
export type Replaying = Proving & Pick<Session, 'patches' | 'past' | 'redactor'>

/**
 * Runs a recorded proof again in fresh work trees: the red tree once and the final tree once, then the failing tests alone if
 * the proof has such runs; in turn, if the command fails only sometimes.
 */
export async function replayFlow(
  opened: Replaying,
  found: FoundProof,
): Promise<Omit<ReplayResult, 'foreign' | 'loosened' | 'mend'>> {
  const { repro } = found
  const masker = stringMasker(opened.redactor)
  const session = { ...opened, inspector: maskedInspector(opened.inspector, masker) }
  const finalTree = await finalTreeOf(session, found)
  for (const [path, one] of withClaimedJudges(session.judges, claimedJudges(found.bundle)))
    session.judges.set(path, one)
  const redTree = finalTree ? (await changeCandidate(session, finalTree)).redTree : session.base.tree
  const differences: string[] = []
  if (repro.redTree && redTree !== repro.redTree)
    differences.push('the tree that must be red is not the recorded one: other files count as judges here')
  differences.push(...historyDifference(recordedHistoryFacts(found.bundle.files), session.past))
  const again = await runAgain(session, repro, { red: redTree, final: finalTree }, differences)
  return masker.all({
    schemaVersion: SCHEMA_VERSION,
    ...again,
    session: repro.session,
    base: session.base.commit,
    final: finalTree ? found.commit : null,
    runs: [...session.runs],
    differences,
  })
}

type RoundsReplay = Pick<ReplayResult, 'verdict' | 'reason' | 'trials'>

async function runAgain(
  session: Replaying,
  repro: Repro,
  { red, final }: { readonly red: Oid; readonly final: Oid | null },
  differences: string[],
): Promise<RoundsReplay> {
  if (repro.verdict === 'STABILIZED' && repro.trials && final)
    return trialsAgain(session, repro, repro.trials, { red, final }, differences)
  if (repro.verdict === 'PRESERVED' && final) return replayGreens(session, repro, { red, final }, differences)
  return onceAgain(session, repro, red, final, differences)
}

async function onceAgain(
  session: Replaying,
  repro: Repro,
  redTree: Oid,
  finalTree: Oid | null,
  differences: string[],
): Promise<RoundsReplay> {
  const { first: red } = await firstRuns(session, redTree, null)
  const final = finalTree ? await measureTree(session, { tree: finalTree, step: { is: 'final' }, keep: null }) : null
  const barred = writesDenied(session) ?? (final && tamperedJudges(session, final))
  if (barred) differences.push(barred.reason)
  if (finalTree) differences.push(...(await replayFailingTests(session, repro, red, finalTree)))
  const verdict = judge(repro, red, final, differences)
  return { verdict, reason: reasonOf(verdict, final !== null, differences) }
}

/** A difference other than how often the command fails turns REPRODUCED into INCONCLUSIVE, as for any proof. */
async function trialsAgain(
  session: Replaying,
  repro: Repro,
  trials: Trials,
  trees: { readonly red: Oid; readonly final: Oid },
  differences: string[],
): Promise<RoundsReplay> {
  const seen = new Set<string>()
  const again = await replayTrials(session, repro, trials, trees, ({ with: after }) => {
    for (const now of after.measurements)
      if (now.reading.is === 'green') for (const one of suiteDiffers(repro, now)) seen.add(one)
  })
  differences.push(...seen)
  const [first] = differences
  if (again.verdict !== 'REPRODUCED' || first === undefined) return again
  return { ...again, verdict: 'INCONCLUSIVE', reason: first }
}

/**
 * What to type if the proof was not reproduced. `lacking`: dependencies (paths from the top of the repository) that were
 * beside the tree when it was proved and are missing now; without any, the hint of a run. `word`: the proof as it was typed;
 * `prefix`: the directory it was typed in.
 */
export function mendOf(
  { runs }: Pick<ReplayResult, 'runs'>,
  lacking: readonly string[],
  word: string,
  prefix: string,
): string | null {
  const up = prefix === '' ? '' : '../'.repeat(prefix.split('/').length)
  const includes = lacking.flatMap((path) => ['--include', `${up}${path}`])
  if (includes.length > 0)
    return `install the dependencies here, then ${spellCommand({ argv: ['git', 'pp', 'replay', word, ...includes] })}`
  return runs.flatMap(({ reading }) => (reading.is === 'invalid' ? [reading.mend] : [])).at(0) ?? null
}

/** The final tree: the recorded one if it is here, else made again from the base and the patch. */
export async function finalTreeOf(
  session: Pick<Session, 'objects' | 'patches' | 'base'>,
  { repro, bundle }: FoundProof,
): Promise<Oid | null> {
  if (repro.finalTree === null) return null
  try {
    await session.objects.list(repro.finalTree)
    return repro.finalTree
  } catch (error) {
    if (!(error instanceof PpError)) throw error
  }
  const patch = bundle.files.get(FILES.patch)
  if (!patch)
    throw new PpError(
      'OBJECT_MISSING',
      'neither the final tree nor its patch is in this repository; fetch the final commit first',
    )
  const applied = await session.patches.apply(session.base.tree, patch)
  if (!applied.ok)
    throw new PpError('MALFORMED', `the recorded patch does not apply to the recorded base: ${applied.reason}`)
  if (applied.tree !== repro.finalTree)
    throw new PpError('MALFORMED', 'the recorded patch applied to the base does not make the recorded final tree')
  return applied.tree
}

type ReplayVerdict = ReplayResult['verdict']

function judge(repro: Repro, red: Round, final: Round | null, differences: string[]): ReplayVerdict {
  if (repro.verdict === 'ALREADY_GREEN') {
    if (all(red, 'green')) return 'REPRODUCED'
    differences.push(...colours(red))
    return 'REFUTED'
  }
  const recorded = new Map(repro.reds.map((one) => [one.target, one]))
  let refuted = false
  for (const now of red.measurements) {
    const was = recorded.get(now.target.name)
    if (!was) continue
    if (now.reading.is === 'green') refuted = true
    const differs = redDiffers(now, was)
    if (differs) differences.push(`without the change, ${now.target.name}: ${differs}`)
  }
  if (recorded.size === 0) differences.push('the proof records no red')
  for (const now of final?.measurements ?? []) {
    const was = recorded.get(now.target.name)
    if (now.reading.is === 'red' && was && !redDiffers(now, was)) refuted = true
    if (now.reading.is !== 'green') differences.push(`with the change, ${now.target.name} is ${now.reading.is}`)
    else differences.push(...suiteDiffers(repro, now))
  }
  if (refuted) return 'REFUTED'
  return differences.length === 0 ? 'REPRODUCED' : 'INCONCLUSIVE'
}

function redDiffers({ reading, execution }: Measurement, was: Repro['reds'][number]): string | null {
  if (reading.is !== 'red') return `it is ${reading.is}, but was recorded as red`
  const ended = execution.ended.how === 'exited' ? `exited ${execution.ended.code}` : execution.ended.how
  if (ended !== was.ended) return `it ${ended}, but was recorded as ${was.ended}`
  if (reading.failing.join('\n') !== was.failing.join('\n')) return 'the tests that fail are not the recorded ones'
  return null
}

function all(round: Round, is: string): boolean {
  return round.measurements.every(({ reading }) => reading.is === is)
}

function colours(round: Round): string[] {
  return round.measurements.map(({ target, reading }) => `${target.name} is ${reading.is}`)
}

function reasonOf(verdict: ReplayVerdict, hasFinal: boolean, differences: readonly string[]): string {
  if (verdict === 'REPRODUCED')
    return hasFinal
      ? 'as recorded, the command is red without the change and green with it'
      : 'as recorded, the command is green on the base'
  return differences[0] ?? 'the base is green'
}
