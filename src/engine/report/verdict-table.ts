import { AnsweredVerdict, type PatchVerdict } from '../model/patch-verdict.ts'

/** How often each verdict was given, in the order of all verdicts. */
export function countVerdicts(
  verdicts: readonly Pick<PatchVerdict, 'verdict'>[],
): ReadonlyMap<AnsweredVerdict, number> {
  const count = (one: AnsweredVerdict) => verdicts.filter(({ verdict }) => verdict === one).length
  return new Map(AnsweredVerdict.options.flatMap((one) => (count(one) === 0 ? [] : [[one, count(one)] as const])))
}

/** The lines of a table of the verdicts, for people. `seconds`: how long all of it took. */
export function verdictTable(verdicts: readonly PatchVerdict[], seconds: number): readonly string[] {
  const counts = [...countVerdicts(verdicts)]
  const width = Math.max(...counts.map(([verdict]) => verdict.length), 0)
  const digits = String(verdicts.length).length
  const known = verdicts.filter((one) => one.known).length
  const total = `${verdicts.length} ${verdicts.length === 1 ? 'patch' : 'patches'} in ${seconds.toFixed(1)} s`
  return [
    ...counts.map(([verdict, count]) => `${verdict.padEnd(width)}  ${String(count).padStart(digits)}`),
    known === 0 ? total : `${total}, ${known} of them known from an earlier call`,
  ]
}
