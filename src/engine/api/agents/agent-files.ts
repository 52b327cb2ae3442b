import { realpath, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { agents, type ConfigurationFile, findAgent, findProgram, readConfiguration } from '../../agents/index.ts'
import { nearest } from '../../core/nearest/index.ts'
import { PpError } from '../../model/error.ts'
import { REGISTRABLE_AGENTS } from '../../model/kinds.ts'
import type { Caller } from '../../model/options.ts'
import type { AgentKind, AgentRegistration } from '../../ports/agent.ts'
import { withReader } from '../../wiring/index.ts'

/** An agent that can be registered. */
export interface RegistrableAgent {
  readonly agent: AgentKind
  readonly registration: AgentRegistration
}

export function registrableAgents(): readonly RegistrableAgent[] {
  return agents.flatMap((agent) => withRegistration(agent) ?? [])
}

/** Throws USAGE for a name that is unknown. */
export function registrableAgent(name: string): RegistrableAgent {
  const agent = findAgent(name)
  const found = agent === undefined ? null : withRegistration(agent)
  if (found !== null) return found
  const near = nearest(name, [...REGISTRABLE_AGENTS, 'all'])
  const meant = near === null ? '' : `; did you mean ${near}?`
  throw new PpError('USAGE', `--agent ${name}: no such agent; known: ${REGISTRABLE_AGENTS.join(', ')}${meant}`)
}

function withRegistration(agent: AgentKind): RegistrableAgent | null {
  return agent.registration === null ? null : { agent, registration: agent.registration }
}

/** The top of the caller's work tree. Throws NOT_A_REPOSITORY. */
export function topOfWorkTree(caller: Caller): Promise<string> {
  return withReader(caller, async ({ repository }) => realpath(repository.place.top))
}

/** The file of the project, as far as git pp may write it. Throws USAGE. */
export function projectFile(top: string, { project }: AgentRegistration): Promise<ConfigurationFile> {
  return readConfiguration({ top, file: project, shown: project })
}

/** The user's own file, as far as git pp may write it. Throws USAGE. */
export async function userFile({ env, home }: Caller, { user }: AgentRegistration): Promise<ConfigurationFile> {
  const named = user.variable === null ? undefined : env[user.variable]
  const isNamed = named?.startsWith('/') === true
  const path = isNamed ? join(named, user.file) : join(home, user.directory, user.file)
  const top = await nearestDirectory(isNamed ? named : home)
  const shown = isNamed ? path : `~/${join(user.directory, user.file)}`
  return readConfiguration({ top: await realpath(top), file: relative(top, path), shown })
}

/** The directory itself, or the first one above it that is there. */
async function nearestDirectory(path: string): Promise<string> {
  const facts = await stat(path).catch(() => null)
  return facts !== null || path === dirname(path) ? path : nearestDirectory(dirname(path))
}

/** The program of an agent, an absolute path; null: it is not on PATH. */
export function programOf({ env, cwd }: Caller, { programs }: AgentRegistration): string | null {
  for (const name of programs) {
    const found = findProgram(name, env['PATH'], cwd)
    if (found !== null) return found
  }
  return null
}
