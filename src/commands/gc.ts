import { Flags } from '@oclif/core'
import { escapeLine, gc, PpError } from '../engine/index.ts'
import { type Answer, type Call, Verb } from './verb.ts'

/** Milliseconds of one unit of an age. */
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

export default class Gc extends Verb {
  static override description =
    'Removes the worktrees, locks and caches of sessions that died. --older-than adds old sessions that proved nothing; proofs stay unless --all is said.'
  static override usage = ['gc [OPTIONS]']
  static override examples = ['git pp gc -n', 'git pp gc --older-than 30d']
  static override flags = {
    'older-than': Flags.string({
      helpValue: 'AGE',
      description: 'also unproved sessions older than this: 45m, 12h, 7d, 2w',
    }),
    all: Flags.boolean({ description: 'everything of git pp in this repository, proofs included' }),
    'dry-run': Flags.boolean({ char: 'n', description: 'only say what would be removed' }),
  }

  protected async answer({ typed, caller }: Call): Promise<Answer> {
    const { flags } = await this.parse(Gc, [...typed.options])
    if (flags.all && flags['older-than'] !== undefined) {
      throw new PpError('USAGE', '--all removes everything, so --older-than says nothing; leave one out')
    }
    const olderThanMs = flags['older-than'] === undefined ? null : age(flags['older-than'])
    const { removed, dryRun } = await gc(caller, { olderThanMs, all: flags.all, dryRun: flags['dry-run'] })
    const what = removed.length === 1 ? '1 thing' : `${removed.length} things`
    const reason = dryRun ? `would remove ${what}` : `removed ${what}`
    const list = removed.map((one) => `${escapeLine(one.what)}  (${escapeLine(one.why)})`)
    return { status: 0, json: { verdict: 'OK', reason, removed, dryRun }, lines: () => [reason, ...list] }
  }
}

function age(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  const ms = UNITS[unit ?? '']
  if (amount !== undefined && ms !== undefined) return Number(amount) * ms
  throw new PpError('USAGE', `--older-than ${text} is no age; write 45m, 12h, 7d or 2w`)
}
