import * as Flags from '@oclif/core/flags'
import { type Command, OFFERED_PROPOSERS, PpError, type RunOptions, run, showPrompt } from '../engine/index.ts'
import type { ParsedCommandLine } from './command-line.ts'
import { positiveNumber, withoutUndefined } from './option-values.ts'
import { sessionAnswer } from './session-answer.ts'
import { sessionFlags, sessionOptions } from './session-options.ts'
import { type CommandAnswer, type CommandInput, loudness, Verb } from './verb.ts'

export default class Run extends Verb {
  static override description =
    'Runs COMMAND on the base. If it fails, a proposer makes patches, and each is tried in a worktree of its own. The patch that turns the command green is then proved: red again without it, green again with it, in fresh worktrees. Your files, index, branches and stash stay as they are.\nCOMMAND is one word, a line for sh. Quote it; or give the program and its arguments after --, and no shell is used.'
  static override usage = ['run [OPTIONS] [COMMAND]', 'run [OPTIONS] -- ARGV...']
  static override examples = ['git pp run "pytest -q"', 'git pp run -- npm test', 'git pp run --target unit']
  static override words = {
    most: 1,
    command: true,
    about: { COMMAND: 'the command that must pass; default: every target of the policy' },
  }
  static override flags = {
    ...loudness,
    ...sessionFlags,
    provider: Flags.string({
      helpValue: OFFERED_PROPOSERS.join('|'),
      summary: 'who proposes patches; the default, search, uses no model',
      description: 'Several are asked in the order in which they are given.',
    }),
    model: Flags.string({
      helpValue: 'NAME',
      summary: 'the model that the provider uses',
      description: "Default: pp.model of git config, else the provider's own setting.",
    }),
    samples: Flags.string({
      helpValue: 'N',
      summary: 'ask the model for N answers to each request, at once; default: 1',
      description:
        'The best is tried first: what several answers agree on, then small changes. All of them count as one attempt. limits.max_samples is the most.',
    }),
    'accept-literal': Flags.boolean({
      summary: 'also prove a patch that holds the expected value of the test',
      description:
        'Such a value stands in the failing assertion and nowhere in the product, so the patch is probably not a repair. Without this option the search tries it last, and the verdict is NOT_FIXED.',
    }),
    'show-prompt': Flags.boolean({ description: 'print the prompt that a model would get, and send nothing' }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Run, [...typed.options])
    const options: RunOptions = {
      ...sessionOptions(flags, typed),
      ...withoutUndefined({ model: flags.model, samples: positiveNumber('--samples', flags.samples) }),
      command: commandOf(typed),
      provider: kinds(flags.provider),
      acceptLiteral: flags['accept-literal'],
      showPrompt: flags['show-prompt'],
    }
    if (options.command !== null && options.target !== undefined) {
      throw new PpError('USAGE', '--target and COMMAND both name a command; leave one of them out')
    }
    if (options.showPrompt) return prompt(await showPrompt(caller, options, reporter))
    const result = await run(caller, options, reporter)
    return sessionAnswer([result], { caller, artifacts: flags.artifacts, apply: flags.apply, many: false })
  }
}

function commandOf({ words, argv }: ParsedCommandLine): Command | null {
  if (argv !== null) return { argv: [...argv] }
  return words[0] === undefined ? null : { shell: words[0] }
}

function kinds(text: string | undefined): string[] {
  const parts = text?.split(',').map((part) => part.trim()) ?? []
  if (parts.includes(''))
    throw new PpError('USAGE', `--provider ${text} has an empty name in it; write KIND or KIND,KIND`)
  return parts
}

function prompt(text: string): CommandAnswer {
  return {
    status: 0,
    json: { verdict: 'OK', reason: 'this is the prompt that a model would get; nothing was sent', prompt: text },
    lines: () => text.split('\n'),
    exact: true,
  }
}
