import { escapeLine, fetchProofs } from '../engine/index.ts'
import { type CommandAnswer, type CommandInput, MANY, Verb } from './verb.ts'

export default class Fetch extends Verb {
  static override description =
    'Fetches the proofs of a remote. show, log and replay then find them too, after your own. For a COMMIT, everything that a replay of its proof reads is fetched as well. Your own proofs stay as they are, and nothing else is fetched or pruned.'
  static override usage = ['fetch [OPTIONS] [REMOTE|URL] [COMMIT...]']
  static override examples = ['git pp fetch', 'git pp fetch origin HEAD', 'git pp fetch https://host/fork.git']
  static override words = {
    most: MANY,
    command: false,
    about: {
      REMOTE: 'a remote, a URL or a path; default: the remote that git fetch would use',
      COMMIT: 'a commit or the start of a session id; default: every proof that the remote has',
    },
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    // Git may ask for a password on the terminal, so nothing of ours may be drawn there meanwhile.
    reporter.end()
    const fetched = await fetchProofs(caller, typed.words)
    const { remote, proofs, warnings } = fetched
    const fresh = proofs.filter(({ isNew }) => isNew)
    const count = proofs.length === 1 ? '1 proof' : `${proofs.length} proofs`
    const reason = `${count} of ${remote}, ${fresh.length} new`
    const list = [
      ...fresh.map(({ session, commit }) => `proof:     ${session} on ${commit.slice(0, 12)}`),
      ...warnings.map((text) => `warning:   ${text}`),
    ]
    return { status: 0, json: { verdict: 'OK', reason, ...fetched }, lines: () => [reason, ...list].map(escapeLine) }
  }
}
