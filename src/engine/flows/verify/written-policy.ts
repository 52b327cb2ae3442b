import { looser } from '../../core/attest/looser.ts'
import { denyCommand } from '../../core/policy/commands.ts'
import { mergePolicy } from '../../core/policy/merge.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import type { TreeEntry } from '../../model/change.ts'
import { spell } from '../../model/command.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { Repro } from '../../model/proof.ts'

const NAMES = ['pp.yaml', 'pp.yml', 'pp.json']

/** Why a recorded policy is not the one that the base states, or a stricter one; null: it is. */
export async function recordedPolicyDiffers(
  recorded: Policy,
  repro: Repro,
  base: readonly TreeEntry[],
  read: (oid: Oid) => Promise<Uint8Array>,
): Promise<string | null> {
  const files = new Map(base.map((entry) => [entry.path, entry.oid]))
  const known = new Map(recorded.files.flatMap(({ path, commit, blob }) => (commit === null ? [] : [[path, blob]])))
  for (const [path, blob] of known)
    if (files.get(path) !== blob) return `the policy was not read from ${path} of the base`
  const unheard = policiesFor(recorded, repro, files).find((path) => !known.has(path))
  if (unheard !== undefined) return `${unheard} of the base was not heeded`
  for (const [path, blob] of known) {
    const written = blob === null ? null : policyFrom(path, new TextDecoder().decode(await read(blob)))
    if (written === null) return `${path} of the base is no policy`
    const [laxer] = [
      ...looser(recorded, written, 'stated'),
      ...otherTargets(recorded, written),
      ...recorded.targets.flatMap(({ command }) => denyCommand(command, written)?.message ?? []),
    ]
    if (laxer !== undefined) return `laxer than ${path} of the base: ${laxer}`
  }
  return null
}

/** The policy files that had to be heeded: for a typed command the nearest upwards from where it was typed. */
function policiesFor(recorded: Policy, repro: Repro, files: ReadonlyMap<string, Oid>): string[] {
  const ofPolicy = new Set(recorded.targets.map(({ name, command }) => `${name}\0${spell(command)}`))
  const typed = repro.targets.filter(({ name, command }) => !ofPolicy.has(`${name}\0${spell(command)}`))
  return typed.flatMap(({ cwd }) => nearest(cwd, files) ?? [])
}

function nearest(cwd: string, files: ReadonlyMap<string, Oid>): string | null {
  const parts = cwd === '' ? [] : cwd.split('/')
  for (let depth = parts.length; depth >= 0; depth--) {
    const found = NAMES.map((name) => [...parts.slice(0, depth), name].join('/')).find((path) => files.has(path))
    if (found !== undefined) return found
  }
  return null
}

/** What one policy file says by itself; null where it cannot be read. */
function policyFrom(path: string, text: string): Policy | null {
  const parsed = parsePolicy(text, { file: path, format: path.endsWith('.json') ? 'json' : 'yaml' })
  if (!parsed.ok) return null
  const root = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  const layer = { from: 'file', values: parsed.value, root, lines: parsed.lines } as const
  return mergePolicy([layer], { limits: 'written' })
}

/** A target of the file must be recorded as it is there. */
function otherTargets(recorded: Policy, written: Policy): string[] {
  const now = new Map(recorded.targets.map((target) => [target.name, spell(target.command)]))
  return written.targets
    .filter(({ name, command }) => now.get(name) !== spell(command))
    .map(({ name }) => `the target ${JSON.stringify(name)} is another`)
}
