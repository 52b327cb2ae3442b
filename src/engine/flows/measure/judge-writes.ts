import { listSomePaths, rememberWrites } from '../../core/judge-mounts/index.ts'
import { isDataJudge } from '../../core/judges/index.ts'
import { knownWrites } from '../judges/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'

import type { Round } from './round.ts'

/** Remembers what trusted runs wrote. `own`: of the base with its own tests, where the red tree has others. */
export function rememberJudgeWrites(
  { writable, base }: Pick<Session, 'writable' | 'base'>,
  red: Round,
  own: Round,
): void {
  writable.by.set(red.tree, writable.red).set(base.tree, writable.base)
  for (const { judgesMoved, judgesTouched } of own.measurements)
    rememberWrites(writable.base, judgesMoved, judgesTouched)
  for (const { judgesMoved, judgesTouched } of red.measurements)
    rememberWrites(writable.red, judgesMoved, judgesTouched)
}

/** The same, and what a policy says against it. */
export function rememberAndCheckWrites(
  session: Pick<Session, 'writable' | 'base' | 'settings'>,
  red: Round,
  own: Round,
): Outcome | null {
  rememberJudgeWrites(session, red, own)
  return writesDenied(session)
}

/** What a policy with `tests.writable: deny` says of a base that writes judges; null: nothing. */
export function writesDenied({ settings, writable }: Pick<Session, 'settings' | 'writable'>): Outcome | null {
  const written = [...new Set([...writable.base.keys(), ...writable.red.keys()])].sort()
  if (settings.judgesWritable === 'allow' || written.length === 0) return null
  return outcome(
    'INVALID_RED',
    `the command writes judges, but tests.writable is deny: ${listSomePaths(written)}`,
    'let it write to a temporary directory, or write tests: {writable: allow} in pp.yaml',
  )
}

/**
 * Judges that a run rewrote. Data that may be written may differ afterwards; what a runner loads must be what the base's run
 * made of it too. `writeAccess`: whose writes the run was let do.
 */
export function rewrittenJudges(
  session: Pick<Session, 'writable' | 'judgeOf' | 'settings' | 'allowedBy'>,
  round: Round,
  writeAccess: 'base' | 'known' = 'known',
): Outcome | null {
  const known = knownWrites(session, writeAccess)
  for (const [path, digest] of round.measurements.flatMap(({ judgesTouched }) => [...judgesTouched])) {
    const isFree = known.some((written) => written.has(path))
    const likewise = known.some((written) => written.get(path)?.has(digest))
    if (isFree && (likewise || isDataJudge(path, session.judgeOf))) continue
    const unlike = isFree ? ', and not in the way that the run of the base does' : ''
    return outcome('RIGGED', `a judge was rewritten while the command ran: ${path}${unlike}`)
  }
  return null
}

/** What a proof has to say of judges that could be written in a round; [] where there were none. */
export function writableRemarks({ writable }: Pick<Session, 'writable'>, { measurements }: Round): readonly string[] {
  const free = [...new Set(measurements.flatMap(({ judgesFree }) => judgesFree))].sort()
  if (free.length === 0) return []
  const differs = new Set(measurements.flatMap(({ judgesTouched }) => [...judgesTouched.keys()]))
  const names = free.map((path) => (differs.has(path) ? `${path} (rewritten)` : path))
  const whose = free.every((path) => writable.base.has(path)) ? "the base's own run writes" : 'the command writes'
  return [`judges that ${whose} could be written in each run, as private copies: ${listSomePaths(names)}`]
}
