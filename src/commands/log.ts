import * as Flags from '@oclif/core/flags'
import { fetchedRemotes, type GateLine, gateLog, gateLogText, log, logText } from '../engine/index.ts'
import { positiveNumber } from './option-values.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Log extends Verb {
  static override description =
    'Lists one proof per line: session, verdict, kind, counts of reds and greens, commit, day and subject. The newest comes first.'
  static override usage = ['log [OPTIONS]']
  static override examples = ['git pp log -n 5', 'git pp log --json']
  static override flags = {
    limit: Flags.string({
      char: 'n',
      helpValue: 'N',
      summary: 'list at most this many; default: all',
      description: '-20 means -n 20.',
    }),
    gate: Flags.boolean({
      description: 'list what git pp gate said in this work tree instead; the newest comes first',
    }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Log, [...typed.options])
    const limit = positiveNumber('--limit', flags.limit) ?? null
    if (flags.gate === true) return gateLines(await gateLog(caller), limit)
    const proofs = await log(caller, { limit })
    if (proofs.length === 0)
      reporter.tell({ is: 'phase', name: 'no proofs here', detail: comingFrom(await fetchedRemotes(caller)) })
    const reason = proofs.length === 1 ? '1 proof' : `${proofs.length} proofs`
    return { status: 0, json: { verdict: 'OK', reason, proofs }, lines: (paint) => logText(proofs, paint) }
  }
}

function comingFrom(fetched: readonly string[]): string {
  if (fetched.length === 0) return 'git pp fetch gets the proofs of a remote'
  return `${fetched.join(', ')} had none when you last fetched; git pp run or git pp prove makes one`
}

function gateLines(all: readonly GateLine[], limit: number | null): CommandAnswer {
  const lines = [...all].reverse().slice(0, limit ?? all.length)
  const reason = lines.length === 1 ? '1 call' : `${lines.length} calls`
  return { status: 0, json: { verdict: 'OK', reason, lines }, lines: (paint) => gateLogText(lines, paint) }
}
