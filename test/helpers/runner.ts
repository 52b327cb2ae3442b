import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { TestRepo } from './repo.ts'

interface Step {
  readonly id?: string
  readonly shell: string
  readonly run: string
  readonly env?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

export const ACTION = join(import.meta.dirname, '..', '..')
export const action = parse(await fs.readFile(join(ACTION, 'action.yml'), 'utf8')) as Action

export interface Job {
  readonly status: number
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly log: string
}

/** What a runner hands to an action: where the checkout lies, the `github` context, the inputs of the workflow. */
export interface Event {
  readonly workspace: string
  readonly github: unknown
  readonly inputs?: Readonly<Record<string, string>>
  readonly actionPath?: string
}

/** Runs the steps of action.yml as a runner does: scripts in files, `shell: bash`, outputs and summary by their files. */
export async function runAction(repo: TestRepo, event: Event): Promise<Job> {
  const temp = await fs.mkdtemp(join(repo.home, 'runner-'))
  const file = (name: string) => join(temp, name)
  for (const name of ['output', 'summary']) await fs.writeFile(file(name), '')
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, event.inputs?.[name] ?? input.default ?? '']),
  )
  let [status, log] = [0, '']
  for (const step of action.runs.steps) {
    await fs.writeFile(file('step.sh'), step.run)
    const said = Object.entries(step.env ?? {}).map(([name, text]) => [name, expand(text, event.github, inputs)])
    const env = {
      ...repo.env,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_WORKSPACE: event.workspace,
      GITHUB_ACTION_PATH: event.actionPath ?? ACTION,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      RUNNER_TEMP: temp,
      ...Object.fromEntries(said),
    }
    const ended = await bash(file('step.sh'), event.workspace, env)
    log += ended.log
    status = ended.status
    if (status !== 0) break
  }
  const lines = (await fs.readFile(file('output'), 'utf8')).split('\n').filter(Boolean)
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)))
  return { status, outputs, summary: await fs.readFile(file('summary'), 'utf8'), log }
}

/** `${{ a.b || c.d }}`, which is all that action.yml uses; anything else is an error. */
function expand(text: string, github: unknown, inputs: unknown): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const values = expression.split('||').map((name) => lookup({ github, inputs }, name.trim()))
    return values.find((value) => value !== '') ?? ''
  })
}

function lookup(contexts: unknown, name: string): string {
  if (!/^[\w-]+(\.[\w-]+)+$/.test(name)) throw new Error(`no expression that this runner knows: ${name}`)
  let value = contexts
  for (const key of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return typeof value === 'string' ? value : ''
}

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ status: number; log: string }> {
  return new Promise((resolve) => {
    const argv = ['--noprofile', '--norc', '-eo', 'pipefail', script]
    const child = execFile('bash', argv, { cwd, env, maxBuffer: 1 << 26 }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, log: stdout + stderr })
    })
  })
}
