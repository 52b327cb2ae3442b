import { escapeLine, importBundle, PpError } from '../engine/index.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Import extends Verb {
  static override description =
    'Checks the files of an exported bundle and stores them as a git note in this repository.'
  static override usage = ['import [OPTIONS] DIR']
  static override examples = ['git pp import /tmp/proof', 'git pp import .pp-artifacts/01jd3x5k9q/proof_bundle']
  static override words = { most: 1, command: false, about: { DIR: 'what git pp export wrote' } }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const [dir] = typed.words
    if (dir === undefined)
      throw new PpError('USAGE', 'git pp import needs the directory of a bundle', { mend: 'git pp import DIR' })
    const { session, commit } = await importBundle(caller, dir)
    const reason = `imported session ${session} on commit ${commit}`
    return { status: 0, json: { verdict: 'OK', reason, session, commit }, lines: () => [escapeLine(reason)] }
  }
}
