import { spellCommand, type Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { CommandRule } from '../../model/policy.ts'
import type { NamedCommand } from '../../model/policy-values.ts'
import { denyCommand } from './denied-commands.ts'
import { type PolicyLayer, sourceOf, spellSource } from './policy-layers.ts'

/** The commands that each layer with an allow-list allows. */
export function commandLists(layers: readonly PolicyLayer[]): CommandRule[][] {
  const key = 'policy.allowed_commands'
  return layers.flatMap((layer) => {
    const list = layer.values.policy?.allowed_commands
    return list ? [list.map((command, n) => ({ command, source: sourceOf(layer, `${key}.${n}`) }))] : []
  })
}

/** A target is an allowed command in its own layer and in later ones; an allow-list of an earlier layer has to name it. */
export function refuseUnlisted(layers: readonly PolicyLayer[]): void {
  for (const [at, layer] of layers.entries()) {
    const allowedCommands = commandLists([layer])
    const targets = layers
      .slice(0, at + 1)
      .flatMap(ownTargets)
      .map(({ target }) => target)
    const later = layers.slice(at + 1).flatMap(ownTargets)
    const unlisted = later.find(({ target }) => denyCommand(target.command, { allowedCommands, targets }) !== null)
    if (unlisted) throw brought(unlisted, spellSource(sourceOf(layer, 'policy.allowed_commands')))
  }
}

interface StatedCommand {
  readonly target: Target
  readonly source: string
}

function ownTargets(layer: PolicyLayer): StatedCommand[] {
  const named = layer.values.proof_targets ?? []
  return named.map((one, n) => ({
    target: targetOf(one, layer.root),
    source: spellSource(sourceOf(layer, `proof_targets.${n}`)),
  }))
}

function brought({ target, source }: StatedCommand, list: string): PpError {
  return new PpError(
    'POLICY_INVALID',
    `${source} adds the target ${JSON.stringify(target.name)}, but ${list} does not allow its command: ` +
      `${spellCommand(target.command)}; a written policy can only be made stricter`,
    { mend: `leave out ${source}, or change ${list}` },
  )
}

/** A named command of a policy file in the directory `root`. */
export function targetOf(named: NamedCommand, root: string): Target {
  return {
    name: named.name,
    command: named.argv ? { argv: named.argv } : { shell: named.cmd ?? '' },
    cwd: joinPath(root, named.cwd ?? ''),
    ...(named.hang_after_sec === undefined ? {} : { hangAfterSec: named.hang_after_sec }),
  }
}

/** 'sub' and './a//b/' → 'sub/a/b'. */
export function joinPath(root: string, path: string): string {
  return [...root.split('/'), ...path.split('/')].filter((part) => part !== '' && part !== '.').join('/')
}
