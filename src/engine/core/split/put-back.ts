import type { Change } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import { namedByCommand } from '../found-judges/index.ts'

/**
 * The judges to restore so that a command can still run: all but those that the change adds and the command itself names.
 * Null if that is the same as restoring all of them, or if no judge of the base is among them.
 */
export function judgesToPutBack(
  judges: readonly Change[],
  targets: readonly Target[],
  paths: readonly string[],
): readonly Change[] | null {
  const named = new Set(namedByCommand(targets, paths).map(({ path }) => path))
  const left = judges.filter(({ path, before }) => before !== null || !named.has(path))
  return left.length < judges.length && left.some(({ before }) => before !== null) ? left : null
}
