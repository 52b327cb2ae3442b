import { escapeLine, exportBundle } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Export extends Verb {
  static override description =
    'Writes the bundle of a session as plain files and prints the directory. A .gitignore beside it keeps it out of commits. git pp import reads it back.'
  static override usage = ['export [OPTIONS] [PROOF] [DIR]']
  static override examples = ['git pp export', 'git pp export HEAD /tmp/proof']
  static override words = {
    most: 2,
    command: false,
    about: { PROOF, DIR: 'the directory to write; default: .pp-artifacts/SESSION/proof_bundle' },
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const [proof = null, dir = null] = typed.words
    const written = await exportBundle(caller, proof, dir)
    return {
      status: 0,
      json: { verdict: 'OK', reason: `exported to ${written}`, dir: written },
      lines: () => [escapeLine(written)],
    }
  }
}
