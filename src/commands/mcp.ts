import * as Flags from '@oclif/core/flags'
import { ANSWER_WITHIN_MS, either, KEY_MODES, mcp, PpError } from '../engine/index.ts'
import { positiveNumber, variableName, withoutUndefined } from './option-values.ts'
import { outputStream } from './output.ts'
import { signingKey } from './session-options.ts'
import { trustFlags } from './trust-options.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Mcp extends Verb {
  static override description =
    'Serves the Model Context Protocol on stdin and stdout, for coding agents and editors: the tools prove, prove_status, verify, show and log, for the repository of the current directory. It ends when its client goes away.\nA client names only commits, sessions and targets of the policy. Commands, sandbox, network, variables and keys are never its choice, and it cannot apply anything.'
  static override usage = ['mcp [OPTIONS]']
  static override examples = ['git pp mcp', 'git pp mcp --sign ssh --key ~/.ssh/id_ed25519.pub']
  static override flags = {
    sign: Flags.option({
      options: KEY_MODES,
      helpValue: 'MODE',
      summary: `sign the proofs: ${either(KEY_MODES)}; default: nothing is signed, whatever the policy says`,
    })(),
    ...signingKey,
    trust: trustFlags.trust,
    'answer-within': Flags.string({
      helpValue: 'SECONDS',
      summary: `answer each call within this time; default: ${ANSWER_WITHIN_MS / 1000}`,
      description:
        'Whole seconds, 1 to 600. What takes longer goes on, and the client asks again with prove_status. It has to be less than the limit of the client for one call, which is often 60 seconds.',
    }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Mcp, [...typed.options])
    if (typed.options.includes('--json'))
      throw new PpError('USAGE', 'stdout of git pp mcp belongs to the protocol; leave out --json')
    const keyEnv = flags['key-env'] === undefined ? undefined : variableName('--key-env', flags['key-env'])
    const key = withoutUndefined({ keyFile: flags.key, keyEnv })
    if (flags.sign === undefined && Object.keys(key).length > 0)
      throw new PpError('USAGE', 'you gave a key, but nothing is to be signed; add --sign MODE')
    const options = {
      sign: flags.sign === undefined ? null : { mode: flags.sign, ...key },
      trust: flags.trust ?? [],
      answerWithinMs: answerWithin(flags['answer-within']) * 1000,
    }
    // Clients show what a server writes to stderr, and a line a minute means nothing to them.
    reporter.end()
    await mcp(caller, options, { input: process.stdin, output: outputStream(1) })
    return { status: 0, json: { verdict: 'OK', reason: 'the client went away' }, lines: () => [] }
  }
}

function answerWithin(text: string | undefined): number {
  const seconds = positiveNumber('--answer-within', text) ?? ANSWER_WITHIN_MS / 1000
  if (seconds <= 600) return seconds
  throw new PpError('USAGE', `--answer-within ${text}: this must be a number of seconds from 1 to 600`)
}
