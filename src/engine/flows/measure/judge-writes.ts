import { listSomePaths, rememberWrites } from '../../core/judge-mounts/index.ts'
import { isDataJudge } from '../../core/judges/index.ts'
import { knownWrites } from '../judges/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'

import type { Round } from './round.ts'

/** Remembers what trusted runs wrote. `own`: the run of the base with its own tests, if the red tree has others. */
export function rememberJudgeWrites(
  { writable, base, plantedByBase }: Pick<Session, 'writable' | 'base' | 'plantedByBase'>,
  red: Round,
  own: Round,
): void {
  for (const { judgesPlanted } of [...own.measurements, ...red.measurements])
    for (const path of judgesPlanted) plantedByBase.add(path)
  writable.by.set(red.tree, writable.red).set(base.tree, writable.base)
  for (const { judgesMoved, judgesTouched } of own.measurements)
    rememberWrites(writable.base, judgesMoved, judgesTouched)
  for (const { judgesMoved, judgesTouched } of red.measurements)
    rememberWrites(writable.red, judgesMoved, judgesTouched)
}

/** Remembers what trusted runs wrote, and returns what the policy has against it. */
export function rememberAndCheckWrites(
  session: Pick<Session, 'writable' | 'base' | 'settings' | 'plantedByBase'>,
  red: Round,
  own: Round,
): Outcome | null {
  rememberJudgeWrites(session, red, own)
  return writesDenied(session)
}

/** The outcome if the policy says `tests.writable: deny` and a run of the base writes judges; else null. */
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
 * The outcome if a run rewrote judges, or left files that a test runner would load, which the run without the change does not
 * leave. Writable test data may differ after the run; a file that a runner loads must have the
 * content that the run of the base gave it. `writeAccess`: which recorded writes the run was allowed to repeat.
 */
export function tamperedJudges(
  session: Pick<Session, 'writable' | 'judgeOf' | 'settings' | 'allowedBy' | 'plantedByBase'>,
  round: Round,
  writeAccess: 'base' | 'known' = 'known',
): Outcome | null {
  const left = round.measurements.flatMap(({ judgesPlanted }) => judgesPlanted)
  const planted = left.find((path) => !session.plantedByBase.has(path) && session.allowedBy(path) === null)
  if (planted !== undefined)
    return outcome(
      'RIGGED',
      `the command wrote a file that a test runner loads: ${planted}; without the change it does not`,
      'let the command write to a temporary directory, or name such files in .gitignore',
    )
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

/** The remark in a proof about judges that were writable in a round; [] if there were none. */
export function writableRemarks({ writable }: Pick<Session, 'writable'>, { measurements }: Round): readonly string[] {
  const free = [...new Set(measurements.flatMap(({ judgesFree }) => judgesFree))].sort()
  if (free.length === 0) return []
  const differs = new Set(measurements.flatMap(({ judgesTouched }) => [...judgesTouched.keys()]))
  const names = free.map((path) => (differs.has(path) ? `${path} (rewritten)` : path))
  const whose = free.every((path) => writable.base.has(path)) ? "the base's own run writes" : 'the command writes'
  return [`judges that ${whose} could be written in each run, as private copies: ${listSomePaths(names)}`]
}
