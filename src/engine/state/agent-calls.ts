import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { AgentName } from '../model/kinds.generated.ts'
import { readSmall } from '../platform/index.ts'

const MOST_BYTES = 65_536

/** The last call of the gate by an agent. */
const AgentCall = z.strictObject({
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** The agent's project. */
  directory: z.string(),
  /** What the gate answered, for people. */
  answered: z.string(),
})
export type AgentCall = z.infer<typeof AgentCall>

/** `$XDG_STATE_HOME/git-pp`, or `~/.local/state/git-pp`: what has to outlive a cache. */
export function stateDir(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const state = env['XDG_STATE_HOME']
  return join(state?.startsWith('/') ? state : join(home, '.local', 'state'), 'git-pp')
}

/** Remembers that an agent called the gate, for `doctor`. It decides nothing; one that cannot be written is none. */
export async function rememberAgentCall(state: string, agent: AgentName, call: AgentCall): Promise<void> {
  const file = fileOf(state, agent)
  const made = `${file}.${randomUUID()}`
  try {
    await mkdir(dirOf(state), { recursive: true, mode: 0o700 })
    await writeFile(made, `${JSON.stringify(call)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(made, file)
  } catch {
    await rm(made, { force: true }).catch(() => {})
  }
}

/** The last call that was remembered; null: there is none that can be read. */
export async function lastAgentCall(state: string, agent: AgentName): Promise<AgentCall | null> {
  try {
    const bytes = await readSmall(fileOf(state, agent), MOST_BYTES)
    return AgentCall.parse(JSON.parse(bytes?.toString('utf8') ?? ''))
  } catch {
    return null
  }
}

const dirOf = (state: string) => join(state, 'agents')
const fileOf = (state: string, agent: AgentName) => join(dirOf(state), `${agent}.json`)
