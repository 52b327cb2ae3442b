import * as Flags from '@oclif/core/flags'
import {
  type DoctorCheck,
  doctor,
  doctorAgent,
  doctorBroker,
  doctorText,
  PpError,
  REGISTRABLE_AGENTS,
  STATUS_OF_ERROR,
  worstStatus,
} from '../engine/index.ts'
import { VERDICT_OF_ERROR } from './envelope.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Doctor extends Verb {
  static override description =
    'Checks everything that a session needs: git, the policy, the sandboxes, the commands inside the chosen sandbox, the provider, the clock and the disk. It also looks for leftovers of dead sessions and for settings that would send or show proofs. It changes nothing and contacts only the configured provider. Its exit status is the one that git pp run would end with.'
  static override usage = ['doctor [OPTIONS]']
  static override examples = [
    'git pp doctor',
    'git pp doctor --json',
    'git pp doctor --agent codex',
    'git pp doctor --on nats://127.0.0.1:4222',
  ]
  static override flags = {
    agent: Flags.string({
      helpValue: 'NAME',
      summary: 'check only whether this coding agent calls git pp gate',
      description: `Names: ${REGISTRABLE_AGENTS.join(', ')}. It looks for the registration, asks Codex whether it trusts it, and tells which program is reached, and when the gate was called last and what it answered.`,
    }),
    on: Flags.string({
      helpValue: 'URL',
      summary: 'check only this broker, and what is needed to ask workers over it',
      description:
        'It looks at JetStream, the limits, the streams, the clock, encryption, the keys of trusted workers, and at who can read your own. It makes nothing.',
    }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Doctor, [...typed.options])
    if (flags.on !== undefined && flags.agent !== undefined)
      throw new PpError('USAGE', '--on and --agent check different things; leave one of them out')
    const checks = await (flags.on !== undefined
      ? doctorBroker(caller, flags.on)
      : flags.agent === undefined
        ? doctor(caller, reporter)
        : doctorAgent(caller, flags.agent, reporter))
    const { status, verdict } = outcome(checks)
    const count = (level: DoctorCheck['level']) => checks.filter((check) => check.level === level).length
    const reason = `${plural(count('problem'), 'problem')}, ${plural(count('note'), 'note')}, ${count('ok')} ok`
    return {
      status,
      json: { verdict, reason, checks: checks.map((check) => ({ mend: null, code: null, ...check })) },
      lines: (paint) => [reason, ...doctorText(checks, paint)],
    }
  }
}

/** Notes do not change the status. Of several problems, the one that is first in the table of statuses counts. */
function outcome(checks: readonly DoctorCheck[]): { readonly status: number; readonly verdict: string } {
  const codes = checks.flatMap((check) => (check.level === 'problem' ? check.code : []))
  const status = worstStatus(codes.map((code) => STATUS_OF_ERROR[code]))
  const decisive = codes.find((code) => STATUS_OF_ERROR[code] === status)
  return { status, verdict: decisive === undefined ? 'OK' : VERDICT_OF_ERROR[decisive] }
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
