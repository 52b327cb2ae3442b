import * as Flags from '@oclif/core/flags'
import {
  escapeLine,
  escapeText,
  type InitAgentsResult,
  init,
  initAgents,
  initProposer,
  PpError,
  PROPOSING_AGENTS,
  REGISTRABLE_AGENTS,
} from '../engine/index.ts'
import { ask } from './ask.ts'
import { outputStream } from './output.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Init extends Verb {
  static override description =
    'Writes a pp.yaml that fits the project in the current directory: the test runner, the paths that a change may touch, and limits, each line explained. It only reads files and runs nothing of the project. It does not replace a policy that exists. With --agent it writes no policy, but makes coding agents ask git pp gate whether their work is done. With --proposer it writes no policy either, but lets git pp run ask a coding agent for patches.'
  static override usage = [
    'init [OPTIONS]',
    'init --agent NAME[,NAME] [--user] [--remove] [--yes] [-n]',
    'init --proposer NAME [--user] [--remove] [-n]',
  ]
  static override examples = [
    'git pp init',
    'git pp init -n > policy.yaml',
    'git pp init --agent claude,codex',
    'git pp init --agent all --remove --yes',
    'git pp init --proposer codex',
  ]
  static override flags = {
    force: Flags.boolean({ description: 'replace an existing pp.yaml' }),
    'dry-run': Flags.boolean({ char: 'n', description: 'print the policy, or the difference, without writing it' }),
    agent: Flags.string({
      helpValue: 'NAME,...',
      summary: 'make these coding agents call git pp gate',
      description: `Names: ${REGISTRABLE_AGENTS.join(', ')}, or all for those that are on PATH or have files in the project. The difference is shown, and you are asked before it is written. What stands in the file of an agent stays byte for byte.`,
    }),
    proposer: Flags.string({
      helpValue: 'NAME',
      summary: 'let git pp run ask this coding agent for patches',
      description: `Names: ${PROPOSING_AGENTS.join(', ')}. It is git config pp.command NAME, and prints the line that runs the agent and whether its program was found. git pp run --provider command then asks it.`,
    }),
    user: Flags.boolean({
      summary: "with --agent or --proposer: write your own files, not the project's",
      description:
        'The agents then call the gate in each of your projects; it does nothing where there is no policy. A proposer is then asked in each of your repositories.',
    }),
    remove: Flags.boolean({ description: 'with --agent or --proposer: take out what git pp init wrote' }),
    yes: Flags.boolean({ summary: 'with --agent: do not ask', description: 'Needed where nobody can be asked.' }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Init, [...typed.options])
    const dryRun = flags['dry-run'] === true
    if (flags.proposer !== undefined) {
      if (flags.agent !== undefined || flags.force || flags.yes)
        throw new PpError('USAGE', '--agent, --force and --yes do not go with --proposer')
      const { proposer: name, user, remove } = flags
      return proposerAnswer(await initProposer(caller, { name, user, remove, dryRun }))
    }
    if (flags.agent !== undefined) {
      if (flags.force) throw new PpError('USAGE', '--force replaces a policy; it does not go with --agent')
      reporter.end()
      const agents = flags.agent.split(',').map((name) => name.trim())
      const confirm = flags.yes ? async () => {} : askForDifference
      return agentsAnswer(
        await initAgents(caller, { agents, user: flags.user, remove: flags.remove, dryRun }, confirm),
        { dryRun, remove: flags.remove },
      )
    }
    for (const name of ['user', 'remove'] as const)
      if (flags[name]) throw new PpError('USAGE', `--${name} goes with --agent or --proposer`)
    if (flags.yes) throw new PpError('USAGE', '--yes goes with --agent')
    return policyAnswer(await init(caller, { force: flags.force, dryRun }))
  }
}

function policyAnswer(made: Awaited<ReturnType<typeof init>>): CommandAnswer {
  const { file, text, written, runner, targets, others, above } = made
  const what = runner === null ? 'without a target: no test runner was recognised' : `for ${runner}`
  const reason = `${written ? 'wrote' : 'would write'} ${file} ${what}`
  const told = [
    reason,
    ...targets.map(({ name, cmd }) => `target:    ${name}: ${cmd}`),
    ...(others.length > 0 ? [`also found: ${others.join(', ')} (in the file as comments)`] : []),
    ...(above === null ? [] : [`note:      ${above} no longer applies here`]),
    'next:      read the file, then',
    '           git add pp.yaml && git commit -m "Say what git pp may do"',
    '           git pp doctor',
    ...(runner === null ? [] : ['           git pp run']),
  ]
  const json = { verdict: 'OK', reason, file, written, runner, targets, others, above, policy: text }
  return { status: 0, json, lines: () => (written ? told.map(escapeLine) : text.trimEnd().split('\n')) }
}

async function askForDifference(diff: string): Promise<void> {
  outputStream(2).write(escapeText(diff))
  await ask('Write this?', 'git pp init --agent asks before it writes')
}

function agentsAnswer(made: InitAgentsResult, { dryRun, remove }: Record<'dryRun' | 'remove', boolean>): CommandAnswer {
  const changed = made.files.filter(({ change }) => change !== 'none')
  const [now, would] = remove ? ['removed', 'would remove'] : ['wrote', 'would write']
  const reason =
    changed.length === 0
      ? `nothing to do: ${made.files.map(({ title }) => title).join(', ')}`
      : `${dryRun ? would : now} the registration of ${changed.map(({ title }) => title).join(', ')}`
  const told = [
    reason,
    ...made.files.map(
      ({ agent, file, change }) => `${`${agent}:`.padEnd(10)} ${file} (${change === 'none' ? 'as it was' : change})`,
    ),
    ...made.files.flatMap(({ title, trust }) => (trust === null ? [] : [`next:      ${title}: ${trust}`])),
    ...(remove ? [] : made.files.map(({ agent }) => `check:     git pp doctor --agent ${agent}`)),
  ]
  const printed = dryRun && changed.length > 0 ? escapeText(made.diff).trimEnd().split('\n') : told.map(escapeLine)
  return { status: 0, json: { verdict: 'OK', reason, ...made }, lines: () => printed }
}

function proposerAnswer(made: Awaited<ReturnType<typeof initProposer>>): CommandAnswer {
  const { key, was, value, scope, written, line, program, mend } = made
  const where = scope === 'global' ? 'your git config' : 'the git config of this repository'
  const [set, unset] = written ? ['set', 'removed'] : ['would set', 'would remove']
  const what = value === null ? `${unset} ${key} in ${where}` : `${set} ${key} to ${value} in ${where}`
  const reason = was === value ? `nothing to do: ${key} is ${value ?? 'not set'} in ${where}` : what
  const told = [
    reason,
    ...(was === null || was === value || value === null ? [] : [`before:    ${was}`]),
    ...(line === null ? [] : [`runs:      ${line}`]),
    ...(program === null ? [] : [`program:   ${program}`]),
    ...(mend === null ? [] : [`mend:      ${mend}`]),
    ...(value === null
      ? []
      : [
          'next:      git pp run "COMMAND" --provider command',
          '           git config pp.provider command   # asks it in each run',
        ]),
  ]
  return { status: 0, json: { verdict: 'OK', reason, ...made }, lines: () => told.map(escapeLine) }
}
