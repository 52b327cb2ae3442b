import { Flags } from '@oclif/core'
import { type Command, PpError, type RunOptions, run, showPrompt } from '../engine/index.ts'
import { outcome } from './outcome.ts'
import { present, sessionFlags, sessionOptions } from './session-options.ts'
import { type Answer, type Call, loudness, Verb } from './verb.ts'
import type { Typed } from './words.ts'

export default class Run extends Verb {
  static override description =
    'Runs COMMAND on the base, lets a proposer make patches, tries each in a worktree of its own, and proves the one that turns it green: red again without it, green again with it, in fresh worktrees. Your files, index, branches and stash stay as they are.\nCOMMAND is one word for sh. Quote it, or give a list of words after -- that no shell sees.'
  static override usage = ['run [OPTIONS] [COMMAND]', 'run [OPTIONS] -- ARGV...']
  static override examples = ['git pp run "pytest -q"', 'git pp run -- npm test', 'git pp run --target unit']
  static override words = {
    most: 1,
    command: true,
    about: { COMMAND: 'what must pass; without it: every target of the policy' },
  }
  static override flags = {
    ...loudness,
    ...sessionFlags,
    provider: Flags.string({
      helpValue: 'search|openai|local|command|stub',
      summary: 'who proposes patches; several with commas between them; default: search, no model',
      description: 'Several are asked in the order in which they are given.',
    }),
    model: Flags.string({
      helpValue: 'NAME',
      summary: 'the model of the provider',
      description: "Default: pp.model of git config, else the provider's own setting.",
    }),
    'show-prompt': Flags.boolean({ description: 'print what a model would get; send nothing' }),
  }

  protected async answer({ typed, caller, reporter }: Call): Promise<Answer> {
    const { flags } = await this.parse(Run, [...typed.options])
    const options: RunOptions = {
      ...sessionOptions(flags, typed),
      ...present({ model: flags.model }),
      command: commandOf(typed),
      provider: kinds(flags.provider),
      showPrompt: flags['show-prompt'],
    }
    if (options.command !== null && options.target !== undefined) {
      throw new PpError('USAGE', '--target names a command of the policy, and another COMMAND was given; leave one out')
    }
    if (options.showPrompt) return prompt(await showPrompt(caller, options, reporter))
    const result = await run(caller, options, reporter)
    return outcome([result], { caller, artifacts: flags.artifacts, apply: flags.apply, many: false })
  }
}

function commandOf({ words, argv }: Typed): Command | null {
  if (argv !== null) return { argv: [...argv] }
  return words[0] === undefined ? null : { shell: words[0] }
}

function kinds(text: string | undefined): string[] {
  const parts = text?.split(',').map((part) => part.trim()) ?? []
  if (parts.includes('')) throw new PpError('USAGE', `--provider ${text} has an empty kind; write KIND or KIND,KIND`)
  return parts
}

function prompt(text: string): Answer {
  return {
    status: 0,
    json: { verdict: 'OK', reason: 'what a model would get; nothing was sent', prompt: text },
    lines: () => text.split('\n'),
    exact: true,
  }
}
