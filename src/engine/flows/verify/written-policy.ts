import { denyCommand, nearestPolicyFile } from '../../core/policy/index.ts'
import { weakerRules } from '../../core/record/index.ts'
import type { TreeEntry } from '../../model/change.ts'
import { spellCommand } from '../../model/command.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { Repro } from '../../model/proof.ts'
import { readNestedPolicy } from '../policies/index.ts'
import { shortId } from './commit-binding.ts'
import type { VerifierPorts } from './proof-case.ts'

/** A policy file that a record names, and the commit that it was read from. */
interface RecordedFile {
  readonly path: string
  readonly commit: Oid
  readonly blob: Oid | null
}

/**
 * Why a recorded policy is neither that of the base nor stricter; null if it is. A policy of another commit (`prove
 * --policy-from`) has to be at least as strict as that of its commit and as what the base states.
 */
export async function recordedPolicyDiffers(
  recorded: Policy,
  repro: Repro,
  base: readonly TreeEntry[],
  ports: Pick<VerifierPorts, 'objects' | 'policies'>,
): Promise<string | null> {
  const files = new Map(base.map((entry) => [entry.path, entry.oid]))
  const named = recorded.files.flatMap(({ path, commit, blob }) => (commit === null ? [] : [{ path, commit, blob }]))
  const ofBase = named.filter(({ path, blob }) => files.get(path) === blob)
  const others = named.filter((file) => !ofBase.includes(file))
  const wrong = others.find(({ commit }) => commit === repro.base.commit)
  if (wrong) return `the recorded policy was not read from ${wrong.path} of the base`
  const known = new Set(ofBase.map(({ path }) => path))
  const unheard = policiesFor(recorded, repro, files, others.length > 0).filter((path) => !known.has(path))
  if (unheard[0] !== undefined && others.length === 0) return `the recorded policy ignores ${unheard[0]} of the base`
  for (const file of others) {
    const differs = (await notThere(file, ports)) ?? (await laxer(recorded, file, shortId(file.commit), true, ports))
    if (differs !== null) return differs
  }
  for (const { path, blob } of ofBase) {
    const differs = await laxer(recorded, { path, blob }, 'the base', true, ports)
    if (differs !== null) return differs
  }
  for (const path of unheard) {
    const differs = await laxer(recorded, { path, blob: files.get(path) ?? null }, 'the base', false, ports)
    if (differs !== null) return differs
  }
  return null
}

/** Says that the named commit does not hold this policy; null if it does. Throws OBJECT_MISSING. */
async function notThere({ path, commit, blob }: RecordedFile, { objects }: Pick<VerifierPorts, 'objects'>) {
  const files = await objects.list((await objects.commit(commit)).tree)
  const holds = blob !== null && files.some((file) => file.path === path && file.oid === blob)
  return holds ? null : `the recorded policy was not read from ${path} of ${shortId(commit)}`
}

/** How a recorded policy is laxer than one policy file; null if it is not. `targets`: it has to have the targets of the file, too. */
async function laxer(
  recorded: Policy,
  { path, blob }: Pick<RecordedFile, 'path' | 'blob'>,
  whose: string,
  targets: boolean,
  { objects, policies }: Pick<VerifierPorts, 'objects' | 'policies'>,
): Promise<string | null> {
  const written = blob === null ? null : await readNestedPolicy(path, blob, objects.read, policies ?? new Map())
  if (written === null) return `${path} of ${whose} is not a valid policy`
  const [more] = [
    ...weakerRules(recorded, written, 'stated'),
    ...(targets ? otherTargets(recorded, written) : []),
    ...recorded.targets.flatMap(({ command }) => denyCommand(command, written)?.message ?? []),
  ]
  return more === undefined ? null : `weaker than ${path} of ${whose}: ${more}`
}

/**
 * The policy files of the base that had to be in force: for a typed command, the nearest one upwards from where it was typed.
 * `all`: also for the targets of the recorded policy, which is not that of the base.
 */
function policiesFor(recorded: Policy, repro: Repro, files: ReadonlyMap<string, Oid>, all: boolean): string[] {
  const ofPolicy = new Set(recorded.targets.map(({ name, command }) => `${name}\0${spellCommand(command)}`))
  const typed = repro.targets.filter(({ name, command }) => all || !ofPolicy.has(`${name}\0${spellCommand(command)}`))
  return typed.flatMap(({ cwd }) => nearestPolicyFile(cwd, (path) => files.has(path)) ?? [])
}

/** A target from the policy file must be recorded as it is there. */
function otherTargets(recorded: Policy, written: Policy): string[] {
  const now = new Map(recorded.targets.map((target) => [target.name, spellCommand(target.command)]))
  return written.targets
    .filter(({ name, command }) => now.get(name) !== spellCommand(command))
    .map(({ name }) => `the target ${JSON.stringify(name)} has another command`)
}
