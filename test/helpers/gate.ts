import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pp } from './pp.ts'
import { type Files, type TestRepo, tempRepo, type Undoing } from './repo.ts'

/** What the agent was told: null: it may go. */
export interface Told {
  readonly blocked: string | null
  /** The word in the gate's own record. */
  readonly word: string
  readonly reason: string
  /** What the person who uses the agent is shown; null: nothing. */
  readonly notice: string | null
  /** The lines for whoever reads stderr. */
  readonly told: string
}

/** A session of Claude Code as its hooks tell it. */
export interface AgentSession {
  readonly repo: TestRepo
  begin(id?: string): Promise<Told>
  /** The agent wants to stop. */
  stop(id?: string, ...options: string[]): Promise<Told>
  /** Any hook of it. */
  call(event: string, id: string, options: readonly string[], env?: Readonly<Record<string, string>>): Promise<Told>
}

export async function agentSession(t: Undoing, files: Files): Promise<AgentSession> {
  const repo = await tempRepo(t, files)
  const call: AgentSession['call'] = async (event, id, options, more = {}) => {
    const said = { session_id: id, hook_event_name: event, cwd: repo.dir, stop_hook_active: false }
    const env = { CLAUDECODE: '1', CLAUDE_PROJECT_DIR: repo.dir, ...more }
    const input = JSON.stringify(said)
    const deadline = options.includes('--deadline') ? [] : ['--deadline', '120']
    const words = ['gate', '--agent', 'claude', ...deadline, ...options]
    const { status, stdout, stderr } = await pp(repo, words, { env, input })
    if (stdout === '') throw new Error(`status ${status}: ${stderr}`)
    const answer = JSON.parse(stdout) as { decision?: string; reason?: string; systemMessage?: string }
    const keys = Object.keys(answer).join(' ')
    if (status !== 0 || !['', 'decision reason', 'systemMessage'].includes(keys))
      throw new Error(`status ${status}: ${stdout}`)
    const last = (await record(repo))[0]
    const { reason: blocked = null, systemMessage: notice = null } = answer
    return { blocked, notice, told: stderr, word: String(last?.['word']), reason: String(last?.['reason']) }
  }
  return {
    ...{ repo, call },
    begin: (id = 's1') => call('SessionStart', id, ['--begin']),
    stop: (id = 's1', ...options) => call('Stop', id, options),
  }
}

/** The lines of the gate's own record, the newest first. */
export async function record(repo: TestRepo): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await pp(repo, ['log', '--gate', '--json'])
  return (JSON.parse(stdout) as { lines: Record<string, unknown>[] }).lines
}

export async function remove(repo: TestRepo, file: string): Promise<void> {
  await rm(join(repo.dir, file), { recursive: true })
}

/** Waits until it is known whether the targets can be run on the base, which the beginning of a session finds out by itself. */
export async function settled({ home }: TestRepo): Promise<void> {
  const stores = join(home, '.local', 'state', 'git-pp', 'gate')
  for (let n = 0; n < 600; n++) {
    for (const store of await readdir(stores))
      if ((await readdir(join(stores, store))).some((name) => name.endsWith('.ran.json'))) return
    await sleep(100)
  }
  throw new Error('the beginning of the session never ended')
}

/** Ends the processes in which the gate proves, as an agent might. */
export async function endJobs({ home }: TestRepo): Promise<void> {
  const stores = join(home, '.local', 'state', 'git-pp', 'gate')
  for (const store of await readdir(stores))
    for (const job of await readdir(join(stores, store, 'jobs')).catch(() => [])) {
      const owner = JSON.parse(await readFile(join(stores, store, 'jobs', job, 'owner.json'), 'utf8')) as {
        pid: number
      }
      process.kill(-owner.pid, 'SIGTERM')
    }
  await sleep(3000)
}
