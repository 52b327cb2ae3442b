import * as Flags from '@oclif/core/flags'
import { REPORT_FORMATS, report } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { gateFlags, trustFlags, verifyOptions } from './trust-options.ts'
import { type CommandAnswer, type CommandInput, MANY, Verb } from './verb.ts'

export default class Report extends Verb {
  static override description =
    'Writes proofs to stdout. markdown is a block for a pull request; html is one self-contained page that loads nothing and runs nothing; both are about one proof. junit, sarif and github are for CI systems and take any number of proofs. In junit, a proof passes only if verify accepts it with the same options.'
  static override usage = ['report [OPTIONS] [PROOF|RANGE]...']
  static override examples = [
    'git pp report | gh pr comment -F -',
    'git pp report --format html > proof.html',
    'git pp report main..topic --trust-from main --format junit > proofs.xml',
  ]
  static override words = {
    most: MANY,
    command: false,
    about: { PROOF, RANGE: 'with junit, sarif and github: A..B, every commit of the range' },
  }
  static override flags = {
    ...trustFlags,
    ...gateFlags,
    format: Flags.option({
      options: REPORT_FORMATS,
      default: 'markdown' as const,
      helpValue: REPORT_FORMATS.join('|'),
      summary:
        'markdown: a block for a pull request; html: a page; junit: a case for each commit and target; sarif, github: places in the change',
      description:
        'sarif has what has a line: changed expectations of tests, changed judges, and remarks on the code. github prints the same, and the verdicts, as annotations of a job of GitHub.',
    })(),
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Report, [...typed.options])
    const trust = verifyOptions([], flags)
    const text = await report(caller, typed.words, { format: flags.format, trust })
    const reason = `a report as ${flags.format}`
    return {
      status: 0,
      json: { verdict: 'OK', reason, format: flags.format, report: text },
      lines: () => text.replace(/\n$/, '').split('\n'),
    }
  }
}
