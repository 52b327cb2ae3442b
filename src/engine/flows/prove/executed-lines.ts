import { changedLines, codeLines, type LinesOfSide, type MeasuredLines, tallyLines } from '../../core/executed/index.ts'
import { isBinary } from '../../core/patch/index.ts'
import { isSourceFile } from '../../core/paths/index.ts'
import { ruinFiles } from '../../core/verdict/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { Oid } from '../../model/oid.ts'
import type { ExecutedCount } from '../../model/session.ts'
import type { TestCalls } from '../../model/trace.ts'
import type { TracedRun, Tracer, TrackedFiles } from '../../ports/tracer.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  allGreen,
  type Measurement,
  measureTree,
  type Round,
  runTraced,
  type TracedSession,
  undecidedOutcome,
} from '../measure/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'

/** The parts of a session that measuring executed lines uses. */
export type CountingLines = TracedSession & Pick<Session, 'syntax'>

/** The first runs of a change without a red, both green. */
export interface GreenPair {
  readonly before: Round
  readonly after: Round
}

/**
 * Which changed lines of the product tests run: lines that the change removes or replaces by a traced run of the tree without
 * it, lines that it brings by one of the tree with it. Files that no tracer measures are filled with nonsense instead, and then
 * the command has to fail.
 */
export async function executedLines(
  session: CountingLines,
  { split }: ChangeCandidate,
  rounds: GreenPair,
  tracers: readonly Tracer[],
): Promise<ExecutedCount | Outcome> {
  session.reporter.tell({ is: 'phase', name: 'trace', detail: 'which changed lines do the tests run?' })
  const source = split.product.filter(({ path }) => isSourceFile(path))
  const textOf = async (side: { readonly mode: string; readonly oid: Oid } | null) => {
    const bytes = side?.mode.startsWith('100') ? await session.objects.read(side.oid) : null
    return bytes === null || isBinary(bytes) ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  }
  const sides: LinesOfSide[] = []
  for (const { path, before, after } of source)
    sides.push(...changedLines(path, await textOf(before), await textOf(after)))
  const measured = [
    ...(await measuredLines(session, sidesOf(sides, 'base'), rounds.before, tracers)),
    ...(await measuredLines(session, sidesOf(sides, 'change'), rounds.after, tracers)),
  ]
  const known = new Set(measured.map(({ path, of }) => `${of} ${path}`))
  const open = new Set(sides.flatMap(({ path, of }) => (known.has(`${of} ${path}`) ? [] : [path])))
  const unread = await notRead(session, rounds, open)
  return unread ?? { ...tallyLines(measured), notMeasured: [...open].sort() }
}

function sidesOf(sides: readonly LinesOfSide[], side: LinesOfSide['of']): readonly LinesOfSide[] {
  return sides.filter(({ of }) => of === side)
}

/** The lines of files that a tracer measures, by traced runs of all targets whose runner names or counts tests. */
async function measuredLines(
  session: CountingLines,
  sides: readonly LinesOfSide[],
  round: Round,
  tracers: readonly Tracer[],
): Promise<readonly MeasuredLines[]> {
  const found: MeasuredLines[] = []
  for (const tracer of tracers) {
    const own = sides.filter(({ path }) => tracer.traces(path))
    if (own.length === 0 || tracer.calls === undefined) continue
    const calls = await callsOf(session, own, round, tracer)
    for (const side of calls === null ? [] : own) {
      const runnable = unionOf(calls ?? [], 'runnable', side.path) ?? (await codeOf(session, side))
      if (runnable === null) continue
      const ran = unionOf(calls ?? [], 'ran', side.path) ?? new Set()
      found.push({ ...side, runnable, ran })
    }
  }
  return found
}

async function codeOf({ syntax }: CountingLines, { path, text }: LinesOfSide): Promise<ReadonlySet<number> | null> {
  const code = await syntax.code(path, text)
  return code && codeLines(code)
}

function unionOf(calls: readonly TestCalls[], what: keyof TestCalls, path: string): ReadonlySet<number> | null {
  const lists = calls.flatMap((one) => one[what].get(path) ?? [])
  return lists.length === 0 ? null : new Set(lists.flatMap((lines) => [...lines]))
}

/** What the tests of each target call; null: of a target that has tests this cannot be told. */
async function callsOf(
  session: CountingLines,
  sides: readonly LinesOfSide[],
  round: Round,
  tracer: Tracer,
): Promise<readonly TestCalls[] | null> {
  const texts = new Map(sides.map(({ path, text }) => [path, text]))
  const tracked: TrackedFiles = { has: (path) => texts.has(path), text: async (path) => texts.get(path) ?? null }
  const found: TestCalls[] = []
  for (const measurement of round.measurements.filter(hasTests)) {
    const { execution, root } = await runTraced(session, round.tree, measurement, {
      files: tracer.files(),
      env: (run: TracedRun) => ({ ...tracer.env(run), ...tracer.calls?.env(run) }),
    })
    const calls = sameTests(session, measurement, execution)
      ? await tracer.calls?.read(execution.reports, tracked, { root })
      : null
    if (!calls) return null
    found.push(calls)
  }
  return found
}

/** Whether a runner named or counted tests that ran. */
export function hasTests({ tests }: Pick<Measurement, 'tests'>): boolean {
  return tests !== null && tests.counts.passed > 0
}

/** A run that a tracer disturbed shows nothing. */
function sameTests(
  { inspector }: CountingLines,
  { target, tests }: Measurement,
  execution: Measurement['execution'],
): boolean {
  const again = inspector.inspect(spellCommand(target.command), execution, target.cwd).tests
  const ended = execution.ended.how === 'exited' && execution.ended.code === 0
  return ended && again?.counts.passed === tests?.counts.passed
}

/** The outcome if the command passes although these files hold nonsense; null if it does not, or if there are none. */
async function notRead(
  session: CountingLines,
  { before, after }: GreenPair,
  open: ReadonlySet<string>,
): Promise<Outcome | null> {
  if (open.size === 0) return null
  const has = async (tree: Oid) => {
    const paths = new Set((await session.objects.list(tree)).map(({ path }) => path))
    return [...open].filter((path) => paths.has(path))
  }
  const after_ = await has(after.tree)
  const [tree, paths] = after_.length > 0 ? [after.tree, after_] : [before.tree, await has(before.tree)]
  const round = await measureTree(session, { tree, step: { is: 'probe-changed' }, keep: null, edits: ruinFiles(paths) })
  const cut = undecidedOutcome(session, round)
  if (cut) return cut
  return allGreen(round)
    ? outcome(
        'NOT_RED',
        `the command passes even with nonsense in ${paths.slice(0, 3).join(', ')}, so it does not read the change`,
      )
    : null
}
