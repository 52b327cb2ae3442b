import { type ConfigurationFile, findProgram, liesIn } from '../../agents/index.ts'
import { stateOf, switchOff } from '../../core/registration/index.ts'
import type { DoctorCheck, DoctorFinding } from '../../model/doctor.ts'
import { noteFinding, okFinding } from '../../model/doctor.ts'
import { PpError } from '../../model/error.ts'
import type { Caller } from '../../model/options.ts'
import type { Reporter } from '../../ports/reporter.ts'
import { lastAgentCall, stateDir } from '../../state/index.ts'
import {
  programOf,
  projectFile,
  type RegistrableAgent,
  registrableAgent,
  topOfWorkTree,
  userFile,
} from '../agents/agent-files.ts'

/**
 * Checks whether an agent calls the gate: its registration, whether the agent trusts it, the program that is reached, and the last
 * call. It changes nothing, and starts no program but the agent's own, to ask it. Throws USAGE for an unknown agent.
 */
export async function doctorAgent(caller: Caller, name: string, reporter: Reporter): Promise<readonly DoctorCheck[]> {
  const one = registrableAgent(name)
  const top = await topOfWorkTree(caller).catch((error: unknown) => {
    if (error instanceof PpError && error.code === 'NOT_A_REPOSITORY') return null
    throw error
  })
  const files = [
    ...(top === null ? [] : [await stateIn(one, () => projectFile(top, one.registration))]),
    await stateIn(one, () => userFile(caller, one.registration)),
  ]
  const findings = [
    ...registrationFindings(one, files),
    ...(files.some(({ state }) => state === 'registered') ? await trustFindings(caller, one, top, reporter) : []),
    programFinding(caller, top),
    await callFinding(caller, one),
  ]
  return findings.map((finding) => ({ area: 'agent', ...finding }))
}

/** A configuration file and the registration in it; `state` may also be the reason why it cannot be told. */
interface FileState {
  readonly shown: string
  readonly state: string
  readonly why: string | null
  /** The setting in it with which the agent runs no hooks. */
  readonly off: string | null
}

async function stateIn({ registration }: RegistrableAgent, read: () => Promise<ConfigurationFile>): Promise<FileState> {
  try {
    const { shown, bytes } = await read()
    const state = stateOf(registration.content, bytes)
    const off = switchOff(registration.content, bytes)
    if (typeof state === 'string') return { shown, state, why: null, off }
    const why = `${shown}${state.line === null ? '' : `:${state.line}`}: ${state.reason}`
    return { shown, state: 'unknown', why, off }
  } catch (error) {
    if (!(error instanceof PpError)) throw error
    return { shown: '', state: 'unknown', why: error.message, off: null }
  }
}

function registrationFindings({ agent }: RegistrableAgent, files: readonly FileState[]): readonly DoctorFinding[] {
  const mend = `git pp init --agent ${agent.kind}`
  const found = files.flatMap(({ shown, state, why, off }): DoctorFinding[] => {
    if (why !== null) return [noteFinding(why)]
    if (off !== null) return [noteFinding(`${shown}: with its setting ${off} ${agent.title} runs no hooks at all`)]
    if (state === 'registered') return [okFinding(`${shown} makes ${agent.title} call the gate`)]
    if (state === 'not registered') return []
    const own = shown.startsWith('~') || shown.startsWith('/') ? `${mend} --user` : mend
    return [noteFinding(`${shown} has not the lines that git pp init writes today (${state})`, own)]
  })
  const registered = files.filter(({ state }) => state === 'registered')
  if (registered.length > 1)
    return [...found, noteFinding('it is registered twice, so the gate is asked twice', `${mend} --user --remove`)]
  return found.length > 0 ? found : [noteFinding(`${agent.title} is not told to call the gate`, mend)]
}

async function trustFindings(
  caller: Caller,
  { agent, registration }: RegistrableAgent,
  top: string | null,
  reporter: Reporter,
): Promise<readonly DoctorFinding[]> {
  const { trust, askTrust } = registration
  if (trust === null) return [okFinding(`${agent.title} asks for no trust`)]
  const unasked = [noteFinding(`whether ${agent.title} trusts the lines cannot be told from outside: ${trust}`)]
  const program = programOf(caller, registration)
  if (askTrust === undefined || program === null || top === null || liesIn(top, program)) return unasked
  reporter.tell({ is: 'warning', text: `asking ${program} which hooks it trusts` })
  const answer = await askTrust({ program, directory: top, env: caller.env, signal: caller.signal })
  if (answer.is === 'trusted') return [okFinding(answer.text)]
  return answer.is === 'unknown' ? [noteFinding(answer.text), ...unasked] : [noteFinding(`${answer.text}: ${trust}`)]
}

/** What the agent can write, it can exchange for a gate that lets everything go. */
function programFinding({ env, cwd }: Caller, top: string | null): DoctorFinding {
  const program = findProgram('git-pp', env['PATH'], top ?? cwd)
  if (program === null)
    return noteFinding(
      'git-pp is not on PATH, so the lines end at once and the agent may always go',
      'npm install --global git-pp',
    )
  if (top !== null && liesIn(top, program))
    return noteFinding(
      `the lines reach ${program}, which lies in this work tree: the agent can exchange it`,
      'npm install --global git-pp',
    )
  return okFinding(`the lines reach ${program}`)
}

async function callFinding(caller: Caller, { agent }: RegistrableAgent): Promise<DoctorFinding> {
  const last = await lastAgentCall(stateDir(caller.env, caller.home), agent.kind)
  if (last === null) return noteFinding(`${agent.title} has not called the gate yet, as far as is known`)
  return okFinding(`last call: ${last.at} in ${last.directory}; answered: ${last.answered}`)
}
