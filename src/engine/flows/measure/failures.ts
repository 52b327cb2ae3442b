import { failingTests } from '../../core/failure/index.ts'
import { spellCommand } from '../../model/command.ts'
import type { TestCase } from '../../model/evidence.ts'
import type { Session } from '../session/index.ts'
import type { Measurement } from './round.ts'

/**
 * The failing tests of a red run with their whole messages, for people and models. It may name more than verdicts are read
 * from: also what stands behind the prefix of a wrapper, or in a report that any program could have printed.
 */
export function failuresOf(
  { inspector }: Pick<Session, 'inspector'>,
  { tests, target, execution }: Measurement,
): readonly TestCase[] {
  const told = inspector.failures(spellCommand(target.command), execution)
  const named = failingTests(tests)
  if (told.length >= named.length) return told
  const whole = new Map(told.map((one) => [one.id, one]))
  return named.map((one) => ({ ...one, ...whole.get(one.id) }))
}
