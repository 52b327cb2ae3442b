import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GateLine } from '../../src/engine/model/gate.ts'
import { type AgentProgram, installAgents, PROGRAMS } from './agents/programs.ts'
import { type AgentScenario, SCENARIOS } from './agents/scenarios.ts'
import { scriptedModel } from './agents/scripted-model.ts'

/**
 * Real agents, on a model that follows a script, in a repository where their stop hook is registered: what the gate said, how often
 * the agent was sent back, and whether each word of proof has a proof. Status 1 where a row is not as it should be.
 * usage: npm run shown -- agents; alone: npx tsx evaluation/shown/agents.ts [--agents DIR] [--agent NAME] [--only TEXT]; DIR: where
 * the agents are installed from npm, or are already (some 1 GB)
 */
const option = (name: string, fallback: string) => process.argv[process.argv.indexOf(name) + 1 || -1] ?? fallback
const programs = installAgents(option('--agents', join(tmpdir(), 'pp-agents')))
const [wanted, only] = [option('--agent', ''), option('--only', '')]
const BIN = join(import.meta.dirname, '..', '..', 'bin')
/** In ms. */
const LONGEST = 600_000

interface Row {
  readonly lines: readonly GateLine[]
  readonly seconds: number
  readonly status: number | null
  readonly faults: readonly string[]
}

console.log('| agent | scenario | it ends | sent back | first reason | seconds | |\n|---|---|---|---|---|---|---|')
let wrong = 0
for (const agent of PROGRAMS)
  for (const scenario of SCENARIOS) {
    if ((wanted !== '' && agent.name !== wanted) || !scenario.name.includes(only)) continue
    const row = await played(agent, scenario)
    if (row.faults.length > 0) wrong += 1
    console.log(told(agent, scenario, row))
  }
process.exitCode = wrong === 0 ? 0 : 1

function told({ name }: AgentProgram, scenario: AgentScenario, { lines, seconds, faults }: Row): string {
  const stops = lines.filter(({ event }) => event === 'stop')
  const last = stops.at(-1)
  const blocks = stops.filter(({ go }) => !go)
  const first = (blocks[0]?.reason ?? '').replaceAll('|', '\\|').slice(0, 90)
  const words = [name, scenario.name.replaceAll('|', '\\|'), `${last?.go ? 'let go' : 'sent back'}, ${last?.word}`]
  return `| ${[...words, blocks.length, first, seconds.toFixed(0), faults.join('; ') || 'as it should'].join(' | ')} |`
}

async function played(agent: AgentProgram, scenario: AgentScenario): Promise<Row> {
  const root = mkdtempSync(join(tmpdir(), 'pp-agent-'))
  try {
    const began = performance.now()
    const place = lay(root, scenario)
    await registered(place, agent)
    const status = await session(place, agent, scenario.steps)
    const before = scenario.later ? (await lines(place)).length : 0
    if (scenario.later) await session(place, agent, scenario.later)
    const all = await lines(place)
    const own = all.slice(before)
    return {
      lines: own,
      status,
      seconds: (performance.now() - began) / 1000,
      faults: await faultsOf(place, scenario, own),
    }
  } finally {
    await removed(root)
  }
}

/** A repository of one scenario, and the environment of the agent's user. */
interface Place {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
}

function lay(root: string, { files, beside = {} }: AgentScenario): Place {
  const [dir, home] = [join(root, 'repo'), join(root, 'home')]
  mkdirSync(dir)
  mkdirSync(home)
  write(home, {
    '.gitconfig': '[user]\n\tname = A U Thor\n\temail = author@example.com\n[init]\n\tdefaultBranch = main\n',
  })
  write(dir, { ...files, ...beside })
  // `git pp` and `git-pp`, as an installation gives them.
  const bin = join(root, 'bin')
  write(bin, { 'git-pp': `#!/bin/sh\nexec "${process.execPath}" "${join(BIN, 'git-pp.cjs')}" "$@"\n` }, 0o755)
  const path = [bin, programs, process.env['PATH'] ?? ''].join(':')
  return { dir, env: { PATH: path, HOME: home, LANG: 'C.UTF-8', TERM: 'dumb', GIT_CONFIG_NOSYSTEM: '1' } }
}

function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>, mode = 0o644): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content, { mode })
  }
}

async function registered(place: Place, { name }: AgentProgram): Promise<void> {
  for (const argv of [
    ['git', 'init', '-q'],
    ['git', 'add', '-A'],
    ['git', 'commit', '-qm', 'first'],
    ['git-pp', 'init', '--agent', name, '--yes'],
    ['git', 'add', '-A'],
    ['git', 'commit', '-qm', 'Register the gate'],
  ])
    if ((await ran(place, argv)).status !== 0) throw new Error(`${argv.join(' ')} failed`)
}

/** One session of the agent, from its prompt to its end. */
async function session(place: Place, agent: AgentProgram, steps: AgentScenario['steps']): Promise<number | null> {
  const model = await scriptedModel(steps)
  try {
    write(place.env['HOME'] ?? '', agent.home(model.url))
    const env = { ...place.env, ...agent.env(model.url) }
    return (await ran({ ...place, env }, agent.argv('Make the tests pass.'))).status
  } finally {
    await model.close()
  }
}

async function lines(place: Place): Promise<readonly GateLine[]> {
  const { stdout } = await ran(place, ['git-pp', 'log', '--gate', '--json'])
  return [...(JSON.parse(stdout) as { lines: GateLine[] }).lines].reverse()
}

async function faultsOf(
  place: Place,
  { ends, blocks }: AgentScenario,
  all: readonly GateLine[],
): Promise<readonly string[]> {
  const stops = all.filter(({ event }) => event === 'stop')
  const last = stops.at(-1)
  const faults: string[] = []
  if (last === undefined) return ['the hook never ran']
  if (!last.go || !ends.test(last.word)) faults.push(`it should end ${ends.source}`)
  const back = stops.filter(({ go }) => !go).length
  if (back < blocks) faults.push(`it should be sent back ${blocks} times`)
  for (const { word, proof } of stops) {
    if (word !== 'PROVED') continue
    const verified = proof === null ? null : await ran(place, ['git-pp', 'verify', proof, '--allow-unsigned'])
    if (verified?.status !== 0) faults.push('let go as PROVED without a proof')
  }
  return faults
}

function ran(
  { dir, env }: Place,
  [program = '', ...args]: readonly string[],
): Promise<{ status: number | null; stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    const out: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), LONGEST)
    child.on('error', () => resolve({ status: null, stdout: '' }))
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ status, stdout: Buffer.concat(out).toString() })
    })
  })
}

/** Jobs of the gate may still be at work in it for a few seconds. */
async function removed(root: string): Promise<void> {
  for (let n = 0; n < 30; n++) {
    try {
      return rmSync(root, { recursive: true, force: true })
    } catch {
      await sleep(1000)
    }
  }
}
