import { utf8Bytes } from '../../core/bytes/index.ts'
import { denyCommand } from '../../core/policy/index.ts'
import { findSecrets } from '../../core/redact/index.ts'
import { type Command, spellCommand, type Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { SessionOptions } from '../../model/options.ts'
import type { Policy } from '../../model/policy.ts'

/** The targets of a session: the command that was typed, or the policy's. Throws USAGE, NOT_ALLOWED. */
export function targetsOf(
  policy: Policy,
  command: Command | null,
  options: SessionOptions,
  prefix: string,
): readonly Target[] {
  if (command) {
    const [secret] = findSecrets(utf8Bytes(spellCommand(command)))
    if (secret)
      throw new PpError(
        'USAGE',
        `the command line holds something that looks like a secret (${secret.rule}), and every proof would show it`,
        {
          mend: 'put it into an environment variable, and pass the variable on with --env NAME',
        },
      )
    const denied = denyCommand(command, policy)
    if (denied) throw new PpError('NOT_ALLOWED', denied.message)
    const hang = options.hangAfter === undefined ? {} : { hangAfterSec: options.hangAfter }
    return [{ name: 'command', command, cwd: prefix, ...hang }]
  }
  if (policy.targets.length === 0)
    throw new PpError(
      'USAGE',
      'there is no COMMAND, and no policy with proof_targets; type a command, as in "pytest -q", or write a pp.yaml with git pp init',
    )
  if (options.target === undefined) return policy.targets
  const named = policy.targets.filter(({ name }) => name === options.target)
  if (named.length > 0) return named
  throw new PpError(
    'USAGE',
    `the policy has no target ${options.target}; its targets are: ${policy.targets.map(({ name }) => name).join(', ')}`,
  )
}
