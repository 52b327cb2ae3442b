import * as Flags from '@oclif/core/flags'
import { escapeLine, gc, PpError } from '../engine/index.ts'
import { parseAge } from './option-values.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Gc extends Verb {
  static override description =
    'Removes the worktrees, locks and caches that dead sessions left. --older-than also removes old sessions that proved nothing. Proofs stay, unless you add --all.'
  static override usage = ['gc [OPTIONS]']
  static override examples = ['git pp gc -n', 'git pp gc --older-than 30d']
  static override flags = {
    'older-than': Flags.string({
      helpValue: 'AGE',
      summary: 'also remove sessions that proved nothing and are older than this: 45m, 12h, 7d, 2w',
      description: 'A number and s, m, h, d or w. Without it: only what dead sessions left.',
    }),
    all: Flags.boolean({ description: 'remove everything of git pp in this repository, proofs included' }),
    'dry-run': Flags.boolean({ char: 'n', description: 'only list what would be removed' }),
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Gc, [...typed.options])
    if (flags.all && flags['older-than'] !== undefined) {
      throw new PpError('USAGE', '--all removes everything, so --older-than has no effect; leave one of them out')
    }
    const olderThanMs = flags['older-than'] === undefined ? null : parseAge('--older-than', flags['older-than'])
    const { removed, dryRun } = await gc(caller, { olderThanMs, all: flags.all, dryRun: flags['dry-run'] === true })
    const what = removed.length === 1 ? '1 thing' : `${removed.length} things`
    const reason = dryRun ? `would remove ${what}` : `removed ${what}`
    const list = removed.map((one) => `${escapeLine(one.what)}  (${escapeLine(one.why)})`)
    return { status: 0, json: { verdict: 'OK', reason, removed, dryRun }, lines: () => [reason, ...list] }
  }
}
