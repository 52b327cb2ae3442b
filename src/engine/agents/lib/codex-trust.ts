import { createInterface } from 'node:readline'
import * as z from 'zod'
import { endGroup, startProgram } from '../../platform/index.ts'
import type { AgentTrust, TrustQuestion } from '../../ports/agent.ts'

/** Codex answers within a fifth of a second where it is installed well. */
const LIMIT_MS = 10_000
const EVENTS = ['sessionStart', 'stop'] as const

const Hook = z.object({
  eventName: z.string(),
  command: z.string().nullish(),
  enabled: z.boolean(),
  trustStatus: z.string(),
})
const HooksAnswer = z.object({ result: z.object({ data: z.array(z.object({ hooks: z.array(Hook) })) }) })
/** An answer, or the fault in its place. */
const Answered = z.looseObject({ id: z.literal([1, 2]) })

/** Asks Codex which hooks it knows for a directory, and whether a person has reviewed them. It changes nothing of Codex. */
export async function askCodex(question: TrustQuestion): Promise<AgentTrust> {
  const hooks = await hooksList(question)
  if (hooks === null) return { is: 'unknown', text: 'Codex did not tell which hooks it trusts' }
  const ours = hooks.filter(({ command }) => /\bgit-pp gate\b/.test(command ?? ''))
  if (ours.length === 0)
    return { is: 'not trusted', text: 'Codex does not see the lines: this directory is not trusted in Codex' }
  const dead = ours.filter(({ enabled, trustStatus }) => !enabled || trustStatus !== 'trusted')
  const missing = EVENTS.filter((event) => !ours.some(({ eventName }) => eventName === event))
  if (dead.length === 0 && missing.length === 0) return { is: 'trusted', text: 'Codex trusts the lines' }
  const what = [
    ...dead.map(({ eventName, trustStatus }) => `${eventName}: ${trustStatus}`),
    ...missing.map((event) => `${event}: missing`),
  ]
  return { is: 'not trusted', text: `Codex does not run the lines (${what.join(', ')})` }
}

/** The questions, each asked when the one before is answered. */
function* questions(directory: string) {
  const clientInfo = { name: 'git-pp', title: 'git pp', version: '1' }
  yield [{ method: 'initialize', id: 1, params: { clientInfo } }]
  yield [{ method: 'initialized' }, { method: 'hooks/list', id: 2, params: { cwds: [directory] } }]
}

/** Codex ends with its stdin, so that it stays open until the answer is there. */
async function hooksList({ program, directory, env, signal }: TrustQuestion): Promise<z.infer<typeof Hook>[] | null> {
  const child = startProgram({ program, args: ['app-server'], env: setVariables(env), cwd: directory, signal })
  const timer = setTimeout(() => endGroup(child), LIMIT_MS)
  child.on('error', () => child.stdout.destroy())
  child.stdin.on('error', () => {})
  child.stderr.resume()
  const next = questions(directory)
  const ask = () => {
    for (const one of next.next().value ?? []) child.stdin.write(`${JSON.stringify(one)}\n`)
  }
  ask()
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const said = Answered.safeParse(jsonOf(line))
      if (!said.success) continue
      if (said.data.id === 1) ask()
      else return hooksIn(said.data)
    }
    return null
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    endGroup(child)
  }
}

function hooksIn(said: unknown): z.infer<typeof Hook>[] | null {
  const answer = HooksAnswer.safeParse(said)
  return answer.success ? answer.data.result.data.flatMap(({ hooks }) => hooks) : null
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function setVariables(env: TrustQuestion['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
