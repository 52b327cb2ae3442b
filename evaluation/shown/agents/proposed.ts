import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { AgentProgram } from './programs.ts'
import { PASSED, PATIENCE, type ProposingScenario, TREE } from './proposing-scenarios.ts'
import { scriptedModel } from './scripted-model.ts'

/** What `git pp run` came to, where a real agent was asked for the patch. */
export interface Proposed {
  readonly verdict: string
  readonly attempts: number
  readonly reason: string
  /** What the agent said last, as it was told; '' if nothing was told. */
  readonly said: string
  /** Whether the agent saw its tests pass, with the dependency that stands beside the tree. */
  readonly tested: boolean
  readonly seconds: number
}

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'git-pp.cjs')
/** In ms. */
const LONGEST = 300_000
/** Agents keep helpers of their sandbox in their home, and not where everybody can write. */
export const HOMES = '/var/tmp'

/** Runs one scenario in a fresh repository of a fresh user; `programs`: the folder where the agents are. */
export async function proposed(agent: AgentProgram, scenario: ProposingScenario, programs: string): Promise<Proposed> {
  const root = mkdtempSync(join(HOMES, 'pp-asked-'))
  const model = await scriptedModel(scenario.steps)
  try {
    const [dir, home] = [join(root, 'project'), join(root, 'home')]
    lay(dir, TREE)
    lay(home, {
      '.gitconfig': '[user]\n\tname = A U Thor\n\temail = author@example.com\n[init]\n\tdefaultBranch = main\n',
      ...(scenario.loggedOut ? {} : { ...agent.home(model.url), ...agent.allowing }),
    })
    const keys = scenario.loggedOut ? {} : agent.env(model.url)
    const env = {
      ...{ PATH: `${programs}${delimiter}${process.env['PATH']}`, HOME: home, LANG: 'C.UTF-8', TERM: 'dumb' },
      ...{ GIT_CONFIG_NOSYSTEM: '1', GEMINI_MODEL: 'gemini-2.5-pro', ...keys },
    }
    const git = (...args: string[]) => ran('git', args, dir, env)
    await git('init', '-q')
    await git('add', '-A')
    await git('commit', '-qm', 'first')
    await ran(process.execPath, [BIN, 'init', '--proposer', agent.name], dir, env)
    await git('config', 'pp.command-timeout', String(PATIENCE))
    await git('config', 'pp.command-env', Object.keys(keys).join(' '))
    const began = performance.now()
    const { stdout, stderr } = await ran(process.execPath, [BIN, 'run', '--provider', 'command', '--json'], dir, env)
    const seconds = (performance.now() - began) / 1000
    const { verdict, reason = '', attempts = [] } = JSON.parse(stdout) as Answer
    const said = [...stderr.matchAll(/it said(?: last)?: (.*)/g)].at(-1)?.[1] ?? ''
    return { verdict, reason, attempts: attempts.length, said, tested: model.heard(PASSED), seconds }
  } finally {
    await model.close()
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 1000 })
  }
}

interface Answer {
  readonly verdict: string
  readonly reason?: string
  readonly attempts?: readonly unknown[]
}

/** Writes files below a folder. */
export function lay(top: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), content)
  }
}

function ran(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const said = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        said[name] += chunk
      })
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), LONGEST)
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      resolve(said)
    })
  })
}
