import { Flags } from '@oclif/core'
import { escapeLine, init } from '../engine/index.ts'
import { type Answer, type Call, Verb } from './verb.ts'

export default class Init extends Verb {
  static override description =
    'Writes the pp.yaml that fits what lies in the current directory: runner, what may be written, limits, each line explained. It reads files and starts nothing of the project. A policy that is there stays.'
  static override usage = ['init [OPTIONS]']
  static override examples = ['git pp init', 'git pp init -n > policy.yaml']
  static override flags = {
    force: Flags.boolean({ description: 'write over a pp.yaml that is there' }),
    'dry-run': Flags.boolean({ char: 'n', description: 'only print it' }),
  }

  protected async answer({ typed, caller }: Call): Promise<Answer> {
    const { flags } = await this.parse(Init, [...typed.options])
    const made = await init(caller, { force: flags.force, dryRun: flags['dry-run'] })
    const { file, text, written, runner, targets, others, above } = made
    const what = runner === null ? 'without a target: no test runner was recognised' : `for ${runner}`
    const reason = `${written ? 'wrote' : 'would write'} ${file} ${what}`
    const told = [
      reason,
      ...targets.map(({ name, cmd }) => `target:    ${name}: ${cmd}`),
      ...(others.length > 0 ? [`found too: ${others.join(', ')}, as comments`] : []),
      ...(above === null ? [] : [`note:      ${above} no longer counts here`]),
      'next:      read it, then',
      '           git add pp.yaml && git commit -m "Say what git pp may do"',
      '           git pp doctor',
      ...(runner === null ? [] : ['           git pp run']),
    ]
    const json = { verdict: 'OK', reason, file, written, runner, targets, others, above, policy: text }
    return { status: 0, json, lines: () => (written ? told.map(escapeLine) : text.trimEnd().split('\n')) }
  }
}
