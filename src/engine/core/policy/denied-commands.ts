import { type Command, spellCommand, type Target } from '../../model/command.ts'
import type { CommandRule, Policy } from '../../model/policy.ts'
import type { Refusal } from '../../model/proposal.ts'
import { spellSource } from './policy-layers.ts'

/** A word that a shell does not expand or interpret. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/

/**
 * Whether a command may run: null, or why not and the line to add. A target may always run. An entry allows exactly the
 * command that it contains. An entry that ends in ' *' also allows further plain words, separated by single blanks: no
 * quotes, no substitution, no redirection, no second line. An argv is compared as a person would type it.
 */
export function denyCommand(command: Command, policy: Pick<Policy, 'allowedCommands' | 'targets'>): Refusal | null {
  const typed = spellCommand(command)
  if (policy.targets.some((target) => sameCommand(target, command))) return null
  const closed = policy.allowedCommands.find((list) => !list.some((rule) => allows(rule.command, typed)))
  if (!closed) return null
  const source = closed[0]?.source
  const file = source?.file ?? 'pp.yaml'
  const rule = source ? `allowed_commands (${spellSource(source)})` : 'allowed_commands'
  return {
    rule: 'allowed_commands',
    path: null,
    message: `this command is not in ${rule}: ${typed}; to allow it: ${wayOut(closed, typed, file)}`,
    source: source?.file && source.line !== undefined ? { file: source.file, line: source.line } : null,
  }
}

function sameCommand(target: Target, command: Command): boolean {
  return spellCommand(target.command) === spellCommand(command)
}

function allows(entry: string, typed: string): boolean {
  if (!entry.endsWith(' *')) return entry === typed
  const fixed = entry.slice(0, -2)
  if (typed === fixed) return true
  if (!typed.startsWith(`${fixed} `)) return false
  return typed
    .slice(fixed.length + 1)
    .split(' ')
    .every((word) => PLAIN.test(word))
}

function wayOut(closed: readonly CommandRule[], typed: string, file: string): string {
  const from = closed[0]?.source
  if (from?.from === 'git-config') return `git config --add ${from.name} ${JSON.stringify(typed)}`
  return `add this line to policy.allowed_commands in ${file}:   - ${JSON.stringify(typed)}`
}
