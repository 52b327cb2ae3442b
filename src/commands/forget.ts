import * as Flags from '@oclif/core/flags'
import { escapeLine, forget, PpError } from '../engine/index.ts'
import { ask } from './ask.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Forget extends Verb {
  static override description =
    'Removes one proof, and the earlier versions of the notes that held it. This is the only command that forces a push to a remote, and it does so only if nobody else has written there since. Whoever has fetched the proof still has it.'
  static override usage = ['forget [OPTIONS] PROOF']
  static override examples = ['git pp forget 01jd3x5k9q', 'git pp forget HEAD --remote origin --yes']
  static override words = { most: 1, command: false, about: { PROOF: 'a commit or the start of a session id' } }
  static override flags = {
    remote: Flags.string({
      helpValue: 'REMOTE',
      description: 'also remove it from this remote: its name, a URL or a path',
    }),
    yes: Flags.boolean({ summary: 'do not ask for confirmation', description: 'Needed where nobody can be asked.' }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Forget, [...typed.options])
    const [proof] = typed.words
    if (proof === undefined)
      throw new PpError('USAGE', 'git pp forget needs the proof to remove', {
        mend: 'git pp log lists the sessions: git pp forget SESSION',
      })
    reporter.end()
    const confirm = async (question: string) =>
      flags.yes ? undefined : ask(question, 'git pp forget asks before it removes anything')
    const forgotten = await forget(caller, { proof, remote: flags.remote ?? null }, confirm)
    const { session, removed, rewritten, remote } = forgotten
    const reason = `withdrew session ${session}${remote === null ? '' : `, on ${remote}, too`}`
    const list = [
      ...removed.map((ref) => `removed:   ${ref}`),
      ...rewritten.map((ref) => `rewritten: ${ref}`),
      'next:      git gc --prune=now removes the objects here',
    ]
    return {
      status: 0,
      json: { verdict: 'OK', reason, ...forgotten },
      lines: () => [reason, ...list].map(escapeLine),
    }
  }
}
