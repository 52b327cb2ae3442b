import * as Flags from '@oclif/core/flags'
import { report } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { trustFlags, verifyOptions } from './trust-options.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Report extends Verb {
  static override description =
    'Writes one proof to stdout. markdown is a block for a pull request; html is one self-contained page that loads nothing and runs nothing.'
  static override usage = ['report [OPTIONS] [PROOF]']
  static override examples = ['git pp report | gh pr comment -F -', 'git pp report --format html > proof.html']
  static override words = { most: 1, command: false, about: { PROOF } }
  static override flags = {
    ...trustFlags,
    format: Flags.option({
      options: ['markdown', 'html'] as const,
      default: 'markdown' as const,
      helpValue: 'markdown|html',
      description: 'markdown: a block for a pull request; html: a page',
    })(),
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Report, [...typed.options])
    const trust = verifyOptions([], flags)
    const text = await report(caller, typed.words[0] ?? null, { format: flags.format, trust })
    const reason = `a report as ${flags.format}`
    return {
      status: 0,
      json: { verdict: 'OK', reason, format: flags.format, report: text },
      lines: () => text.replace(/\n$/, '').split('\n'),
    }
  }
}
