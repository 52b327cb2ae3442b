import * as Flags from '@oclif/core/flags'
import {
  escapeLine,
  escapeText,
  type InitAgentsResult,
  init,
  initAgents,
  PpError,
  REGISTRABLE_AGENTS,
} from '../engine/index.ts'
import { ask } from './ask.ts'
import { outputStream } from './output.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Init extends Verb {
  static override description =
    'Writes a pp.yaml that fits the project in the current directory: the test runner, the paths that a change may touch, and limits, each line explained. It only reads files and runs nothing of the project. It does not replace a policy that exists. With --agent it writes no policy, but makes coding agents ask git pp gate whether their work is done.'
  static override usage = ['init [OPTIONS]', 'init --agent NAME[,NAME] [--user] [--remove] [--yes] [-n]']
  static override examples = [
    'git pp init',
    'git pp init -n > policy.yaml',
    'git pp init --agent claude,codex',
    'git pp init --agent all --remove --yes',
  ]
  static override flags = {
    force: Flags.boolean({ description: 'replace an existing pp.yaml' }),
    'dry-run': Flags.boolean({ char: 'n', description: 'print the policy, or the difference, without writing it' }),
    agent: Flags.string({
      helpValue: 'NAME,...',
      summary: 'make these coding agents call git pp gate',
      description: `Names: ${REGISTRABLE_AGENTS.join(', ')}, or all for those that are on PATH or have files in the project. The difference is shown, and you are asked before it is written. What stands in the file of an agent stays byte for byte.`,
    }),
    user: Flags.boolean({
      summary: "with --agent: write your own files, not the project's",
      description: 'The agents then call the gate in each of your projects; it does nothing where there is no policy.',
    }),
    remove: Flags.boolean({ description: 'with --agent: take out what git pp init wrote' }),
    yes: Flags.boolean({ summary: 'with --agent: do not ask', description: 'Needed where nobody can be asked.' }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Init, [...typed.options])
    const dryRun = flags['dry-run'] === true
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
    for (const name of ['user', 'remove', 'yes'] as const)
      if (flags[name]) throw new PpError('USAGE', `--${name} goes with --agent`)
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
