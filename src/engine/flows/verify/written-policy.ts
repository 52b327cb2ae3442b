import { denyCommand, nearestPolicyFile } from '../../core/policy/index.ts'
import { weakerRules } from '../../core/record/index.ts'
import type { TreeEntry } from '../../model/change.ts'
import { spellCommand } from '../../model/command.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { Repro } from '../../model/proof.ts'
import { readNestedPolicy } from '../base/index.ts'
import type { VerifierPorts } from './proof-case.ts'

/** Why a recorded policy is neither that of the base nor stricter; null if it is. */
export async function recordedPolicyDiffers(
  recorded: Policy,
  repro: Repro,
  base: readonly TreeEntry[],
  { objects, policies }: Pick<VerifierPorts, 'objects' | 'policies'>,
): Promise<string | null> {
  const files = new Map(base.map((entry) => [entry.path, entry.oid]))
  const known = new Map(recorded.files.flatMap(({ path, commit, blob }) => (commit === null ? [] : [[path, blob]])))
  for (const [path, blob] of known)
    if (files.get(path) !== blob) return `the recorded policy was not read from ${path} of the base`
  const unheard = policiesFor(recorded, repro, files).find((path) => !known.has(path))
  if (unheard !== undefined) return `the recorded policy ignores ${unheard} of the base`
  for (const [path, blob] of known) {
    const written = blob === null ? null : await readNestedPolicy(path, blob, objects.read, policies ?? new Map())
    if (written === null) return `${path} of the base is not a valid policy`
    const [laxer] = [
      ...weakerRules(recorded, written, 'stated'),
      ...otherTargets(recorded, written),
      ...recorded.targets.flatMap(({ command }) => denyCommand(command, written)?.message ?? []),
    ]
    if (laxer !== undefined) return `weaker than ${path} of the base: ${laxer}`
  }
  return null
}

/** The policy files that had to be in force: for a typed command, the nearest one upwards from where it was typed. */
function policiesFor(recorded: Policy, repro: Repro, files: ReadonlyMap<string, Oid>): string[] {
  const ofPolicy = new Set(recorded.targets.map(({ name, command }) => `${name}\0${spellCommand(command)}`))
  const typed = repro.targets.filter(({ name, command }) => !ofPolicy.has(`${name}\0${spellCommand(command)}`))
  return typed.flatMap(({ cwd }) => nearestPolicyFile(cwd, (path) => files.has(path)) ?? [])
}

/** A target from the policy file must be recorded as it is there. */
function otherTargets(recorded: Policy, written: Policy): string[] {
  const now = new Map(recorded.targets.map((target) => [target.name, spellCommand(target.command)]))
  return written.targets
    .filter(({ name, command }) => now.get(name) !== spellCommand(command))
    .map(({ name }) => `the target ${JSON.stringify(name)} has another command`)
}
