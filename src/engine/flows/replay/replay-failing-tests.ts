import { type Command, spellCommand } from '../../model/command.ts'
import type { Oid } from '../../model/oid.ts'
import type { Repro } from '../../model/proof.ts'
import { measureTree, type Round, redMeasurements } from '../measure/index.ts'
import { type Proving, selectedTargets } from '../proof/index.ts'

/**
 * If a proof has runs of the failing tests alone, runs them once without the change and once with it, and tells what differs.
 * Only a command that git pp makes itself from this red run is run; it has to be the recorded one.
 */
export async function replayFailingTests(
  session: Proving,
  { focus }: Pick<Repro, 'focus'>,
  red: Round,
  finalTree: Oid,
): Promise<readonly string[]> {
  const measurements = redMeasurements(red)
  if (!focus || measurements.length === 0) return []
  const targets = await selectedTargets(session, measurements)
  if (typeof targets === 'string') return [`the failing tests cannot be run alone here: ${targets}`]
  const recorded = focus.targets.map(({ command }) => commandKey(command))
  if (targets.map(({ command }) => commandKey(command)).join('\n') !== recorded.join('\n'))
    return [`the failing tests are selected by another command here: ${targets.map(spelled).join('; ')}`]
  const sides = [
    { tree: red.tree, step: { is: 'focused-red', n: 1 }, wanted: 'red', where: 'without the change' },
    { tree: finalTree, step: { is: 'focused-green', n: 1 }, wanted: 'green', where: 'with the change' },
  ] as const
  const differences: string[] = []
  for (const { tree, step, wanted, where } of sides) {
    const round = await measureTree(session, { tree, step, targets, keep: null })
    for (const { target, reading } of round.measurements)
      if (reading.is !== wanted)
        differences.push(`${where}, the failing tests of ${target.name} alone are ${reading.is}`)
  }
  return differences
}

function commandKey(command: Command): string {
  return JSON.stringify('argv' in command ? command.argv : command.shell)
}

function spelled({ command }: { readonly command: Command }): string {
  return spellCommand(command)
}
