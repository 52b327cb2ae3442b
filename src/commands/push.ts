import * as Flags from '@oclif/core/flags'
import { escapeLine, type PushResult, push } from '../engine/index.ts'
import { type CommandAnswer, type CommandInput, MANY, Verb } from './verb.ts'

export default class Push extends Verb {
  static override description =
    'Adds proofs, and the commits that they belong to, to the notes of a remote. It never forces, sends no other notes and loses none. It first searches everything that would be sent for secrets. The recorded output of the tests is part of a proof and is sent too.'
  static override usage = ['push [OPTIONS] [REMOTE] [PROOF...]']
  static override examples = ['git pp push', 'git pp push origin HEAD', 'git pp push -n']
  static override words = {
    most: MANY,
    command: false,
    about: {
      REMOTE: 'a remote, a URL or a path; default: the remote that git push would use',
      PROOF: 'a commit or the start of a session id; default: the newest session and the proved commits of this branch',
    },
  }
  static override flags = {
    'with-attempts': Flags.boolean({ description: 'also send the attempts of the sessions' }),
    'with-snapshot': Flags.boolean({
      description: 'also send sessions that started from uncommitted work; that work is sent with them',
    }),
    'dry-run': Flags.boolean({ char: 'n', description: 'only list what would be sent' }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Push, [...typed.options])
    // Git may ask for a password on the terminal, so nothing of ours may be drawn there meanwhile.
    reporter.end()
    const { nothing, ...pushed } = await push(caller, typed.words, {
      withAttempts: flags['with-attempts'],
      withSnapshot: flags['with-snapshot'],
      dryRun: flags['dry-run'] === true,
    })
    const { secrets, warnings } = pushed
    const [verdict, reason] = [secrets.length > 0 ? 'DENIED' : 'OK', nothing?.reason ?? reasonOf(pushed)]
    const list = [
      ...secrets.map(({ rule, path }) => `secret:    ${rule} in ${path}`),
      ...pushed.proofs.map(({ session, commit }) => `proof:     ${session} on ${commit.slice(0, 12)}`),
      ...pushed.refs.map((ref) => `ref:       ${ref}`),
      ...warnings.map((text) => `warning:   ${text}`),
      ...(nothing?.mend ? [`try:       ${nothing.mend}`] : []),
    ]
    return {
      status: secrets.length > 0 ? 1 : 0,
      json: { verdict, reason, mend: nothing?.mend ?? null, ...pushed },
      lines: () => [reason, ...list].map(escapeLine),
    }
  }
}

function reasonOf({ remote, proofs, refs, secrets, dryRun }: Omit<PushResult, 'nothing'>): string {
  if (secrets.length > 0)
    return `nothing was sent, because something that looks like a secret would go to ${remote}; if it is meant to be public, push the branch with git first`
  if (refs.length === 0) return `nothing to push: ${remote} has all of these proofs`
  const count = proofs.length === 1 ? '1 proof' : `${proofs.length} proofs`
  return dryRun ? `would push ${count} to ${remote}` : `pushed ${count} to ${remote}`
}
