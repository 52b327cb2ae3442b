import * as Flags from '@oclif/core/flags'
import { escapeLine, init } from '../engine/index.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Init extends Verb {
  static override description =
    'Writes a pp.yaml that fits the project in the current directory: the test runner, the paths that a change may touch, and limits, each line explained. It only reads files and runs nothing of the project. It does not replace a policy that exists.'
  static override usage = ['init [OPTIONS]']
  static override examples = ['git pp init', 'git pp init -n > policy.yaml']
  static override flags = {
    force: Flags.boolean({ description: 'replace an existing pp.yaml' }),
    'dry-run': Flags.boolean({ char: 'n', description: 'print the policy without writing it' }),
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Init, [...typed.options])
    const made = await init(caller, { force: flags.force, dryRun: flags['dry-run'] === true })
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
}
