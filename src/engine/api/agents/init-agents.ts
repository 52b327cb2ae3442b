import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConfigurationFile, writeConfiguration } from '../../agents/index.ts'
import { printPatch } from '../../core/patch/index.ts'
import { type EditedBytes, stateOf, withoutRegistration, withRegistration } from '../../core/registration/index.ts'
import type { AgentFileChange, InitAgentsOptions, InitAgentsResult } from '../../model/agent-files.ts'
import { PpError } from '../../model/error.ts'
import type { Caller } from '../../model/options.ts'
import {
  programOf,
  projectFile,
  type RegistrableAgent,
  registrableAgent,
  registrableAgents,
  topOfWorkTree,
  userFile,
} from './agent-files.ts'

/** A file of an agent, and what it is to hold. */
interface PlannedFile {
  readonly change: AgentFileChange
  readonly before: ConfigurationFile
  readonly after: Uint8Array | null
}

/**
 * Makes agents call the gate, or takes that out again. `confirm` shows the difference and throws if it is not wanted; it is not
 * called if there is none. Throws USAGE for a file that cannot be edited; then none is written.
 */
export async function initAgents(
  caller: Caller,
  options: InitAgentsOptions,
  confirm: (diff: string) => Promise<void>,
): Promise<InitAgentsResult> {
  const top = options.user ? null : await topOfWorkTree(caller)
  const read = ({ registration }: RegistrableAgent) =>
    top === null ? userFile(caller, registration) : projectFile(top, registration)
  const chosen = await chosenAgents(caller, top, options, read)
  const plans = await Promise.all(chosen.map(async (one) => planFor(one, await read(one), options.remove)))
  const changed = plans.filter(({ change }) => change.change !== 'none')
  const diff = diffOf(changed)
  const written = !options.dryRun && changed.length > 0
  if (written) {
    await confirm(diff)
    for (const { before, after } of changed) await writeConfiguration(before, after)
  }
  return { files: plans.map(({ change }) => change), written, diff }
}

/** The agents that were named; for `all` those that are found, or registered. */
async function chosenAgents(
  caller: Caller,
  top: string | null,
  { agents, remove }: InitAgentsOptions,
  read: (one: RegistrableAgent) => Promise<ConfigurationFile>,
): Promise<readonly RegistrableAgent[]> {
  if (!agents.includes('all')) return [...new Set(agents)].map(registrableAgent)
  const found: RegistrableAgent[] = []
  for (const one of registrableAgents()) {
    const isWanted = remove ? await isRegistered(one, read) : await isUsed(caller, top, one)
    if (isWanted) found.push(one)
  }
  if (found.length > 0) return found
  const what = remove ? 'no agent is registered here' : 'no agent was found, neither on PATH nor by its files'
  throw new PpError('USAGE', `--agent all: ${what}`, { mend: 'git pp init --agent claude' })
}

async function isRegistered(one: RegistrableAgent, read: (one: RegistrableAgent) => Promise<ConfigurationFile>) {
  const file = await read(one).catch(() => null)
  const state = file === null ? 'not registered' : stateOf(one.registration.content, file.bytes)
  return typeof state === 'string' && state !== 'not registered'
}

async function isUsed(caller: Caller, top: string | null, { registration }: RegistrableAgent): Promise<boolean> {
  if (programOf(caller, registration) !== null) return true
  if (top === null) return false
  const there = (path: string) => lstat(join(top, path)).catch(() => null)
  return (await Promise.all(registration.traces.map(there))).some((facts) => facts !== null)
}

function planFor({ agent, registration }: RegistrableAgent, before: ConfigurationFile, remove: boolean): PlannedFile {
  const { content, trust } = registration
  const edited = remove ? withoutRegistration(content, before.bytes) : withRegistration(content, before.bytes)
  const after = editedBytes(edited, before)
  const facts = { agent: agent.kind, title: agent.title, file: before.shown }
  const is = isSame(before.bytes, after) ? 'none' : remove ? 'removed' : 'added'
  const had = stateOf(content, before.bytes) !== 'not registered'
  const change = is === 'added' && had ? 'updated' : is
  return { before, after, change: { ...facts, change, trust: remove ? null : trust } }
}

function editedBytes(edited: EditedBytes, { shown }: ConfigurationFile): Uint8Array | null {
  if (edited.ok) return edited.bytes
  const where = edited.line === null ? shown : `${shown}:${edited.line}`
  throw new PpError('USAGE', `${where}: ${edited.reason}; nothing was written`)
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}

function diffOf(plans: readonly PlannedFile[]): string {
  const changes = plans.map(({ before, after }) => ({ path: before.shown, before: before.bytes, after }))
  const printed = printPatch(changes)
  return printed.ok ? new TextDecoder().decode(printed.patch) : `${printed.path} is binary\n`
}
