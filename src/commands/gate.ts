import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import * as Flags from '@oclif/core/flags'
import {
  AGENT_NAMES,
  type AgentAnswer,
  agentNamed,
  agentOf,
  type Caller,
  either,
  escapeLine,
  type GateFinding,
  type GateSwitch,
  gate,
  type HookCall,
  PpError,
  switchGate,
  wordsForAgent,
} from '../engine/index.ts'
import { parseAge } from './option-values.ts'
import { isTerminal, outputStream } from './output.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

/** In bytes: what a hook may say. */
const MOST_STDIN = 1024 * 1024
/** In ms. An agent writes at once; a script may leave stdin open. */
const STDIN_MS = 2000
const DEFAULT_DEADLINE = 60

export default class Gate extends Verb {
  static override description =
    "Answers the stop hook of a coding agent, in that agent's own form: it may stop when the targets of the policy show its change, and is sent back with the reason when they do not. What could not be told is let go, and recorded. Without an agent, the status says it."
  static override usage = ['gate [OPTIONS]', 'gate --off [TIME] | --on | --accept | --trust']
  static override examples = [
    'git pp gate --agent claude --deadline 540',
    'git pp gate --agent none',
    'git pp gate --off 2h',
  ]
  static override flags = {
    agent: Flags.string({
      helpValue: 'NAME',
      options: [...AGENT_NAMES],
      summary: `which agent calls: ${either(AGENT_NAMES)}`,
      description: 'Default: it is recognised by what it sends; none where nothing is recognised.',
    }),
    begin: Flags.boolean({ description: 'the hook of the start of a session: notes where it begins' }),
    subagents: Flags.boolean({ description: 'decide about the stops of helpers of the agent, too' }),
    deadline: Flags.integer({
      helpValue: 'SECONDS',
      summary: `answer within this time (default ${DEFAULT_DEADLINE})`,
      description:
        "It has to be shorter than the agent's own limit for a hook, because agents let go when that has passed.",
      min: 1,
    }),
    off: Flags.boolean({ description: 'let every stop go, for the TIME that follows or until --on' }),
    on: Flags.boolean({ description: 'decide about stops again' }),
    accept: Flags.boolean({ description: 'take the work tree as it is as the base of what comes' }),
    trust: Flags.boolean({ description: 'show what the policy of HEAD asks for, and agree to it, on a terminal' }),
  }
  static override words = { most: 1, command: false, about: { TIME: 'with --off: how long, as in 45m, 12h, 7d' } }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Gate, [...typed.options])
    const [time] = typed.words
    const asked = switchOf(flags, time)
    if (asked !== null) return plain(await switchGate(caller, asked))
    if (time !== undefined) throw new PpError('USAGE', `git pp gate takes no word ${JSON.stringify(time)}`)
    const call = await hookCall(caller, flags.agent)
    const agent = flags.agent === undefined ? agentOf(call) : agentNamed(flags.agent)
    const deadlineMs = (flags.deadline ?? DEFAULT_DEADLINE) * 1000
    const options = { agent, begin: flags.begin === true, subAgents: flags.subagents === true, deadlineMs }
    const { finding, notice, introduction } = await gate(caller, options, call)
    const reason = finding.go ? null : wordsForAgent(finding, randomBytes(6).toString('hex'))
    if (introduction !== null) outputStream(2).write(`${introduction}\n`)
    return answered(finding, agent.answer(reason, notice === null ? null : escapeLine(notice)))
  }
}

function answered(finding: GateFinding, { stdout, stderr, status }: AgentAnswer): CommandAnswer {
  const { word, reason, failures, session } = finding
  if (stderr !== '') outputStream(2).write(stderr)
  return {
    status,
    json: { verdict: word, reason, go: finding.go, failures, session },
    lines: () => stdout.split('\n').filter((line) => line !== ''),
    exact: true,
  }
}

function plain(reason: string): CommandAnswer {
  return { status: 0, json: { verdict: 'OK', reason }, lines: () => [escapeLine(reason)] }
}

interface SwitchFlags {
  readonly off?: boolean
  readonly on?: boolean
  readonly accept?: boolean
  readonly trust?: boolean
}

function switchOf({ off, on, accept, trust }: SwitchFlags, time: string | undefined): GateSwitch | null {
  const asked = [off, on, accept, trust].filter(Boolean).length
  if (asked === 0) return null
  if (asked > 1) throw new PpError('USAGE', 'name one of --off, --on, --accept and --trust')
  if (off) return { is: 'off', forMs: time === undefined ? null : parseAge('--off', time) }
  if (on) return { is: 'on' }
  return accept ? { is: 'accept' } : { is: 'trust', agreed: agreedOnTerminal }
}

/** Only a person may loosen a gate, so it is asked for on a terminal. */
async function agreedOnTerminal(demands: readonly string[]): Promise<boolean> {
  if (process.stdin.isTTY !== true || !isTerminal(2))
    throw new PpError('USAGE', 'git pp gate --trust asks a person, so it needs a terminal')
  const lines = createInterface({ input: process.stdin, output: outputStream(2) })
  try {
    const list = demands.map((one) => `  ${escapeLine(one)}\n`).join('')
    const said = await lines.question(`the policy of HEAD asks for:\n${list}give it to runs of the gate? [y/N] `)
    return /^y(?:es)?$/i.test(said.trim())
  } finally {
    lines.close()
  }
}

async function hookCall({ env }: Caller, agent: string | undefined): Promise<HookCall> {
  if (agent === 'none' || process.stdin.isTTY === true) return { said: null, env }
  return { said: objectIn(await stdinText()), env }
}

/** What stands on stdin until it ends, or until a moment has passed. */
async function stdinText(): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => process.stdin.destroy(), STDIN_MS)
  try {
    for await (const chunk of process.stdin) {
      size += chunk.length
      if (size > MOST_STDIN) break
      chunks.push(chunk)
    }
  } catch {
    // It was closed by the timer.
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks).toString()
}

function objectIn(text: string): HookCall['said'] {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
