import { show, showText } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Show extends Verb {
  static override description =
    'Shows one proof: what was run, what was red and what is green now, the patch, and what the proof does not show.'
  static override usage = ['show [OPTIONS] [PROOF]']
  static override examples = ['git pp show', 'git pp show HEAD --json']
  static override words = { most: 1, command: false, about: { PROOF } }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { result, files, ...view } = await show(caller, typed.words[0] ?? null)
    const list = [...files].map(([path, bytes]) => ({ path, bytes: bytes.byteLength }))
    return {
      status: 0,
      json: { ...result, ...view, files: list },
      lines: (paint) => showText({ result, files, ...view }, paint),
    }
  }
}
