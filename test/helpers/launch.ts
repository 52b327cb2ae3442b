import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerOf } from './answers.ts'
import { BIN, type Ran } from './pp.ts'
import type { TestRepo, Undoing } from './repo.ts'

/** The installed tool under way, in a process group of its own, as a shell starts it. */
export interface Launched {
  readonly pid: number
  readonly ended: Promise<Ran>
  over(): boolean
  /** Waits for words on stderr. */
  said(words: string): Promise<void>
  /** Ctrl-C and its kind: to the whole group. */
  signalGroup(signal: NodeJS.Signals): void
  /** What it has printed so far, errors first. */
  text(): string
}

const PATIENCE = 60_000

/** Starts the tool (`by`: through this program, as another user) and lets it run; a test that fails does not leave it behind. */
export function launch(
  t: Undoing,
  repo: TestRepo,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  by: readonly string[] = [],
): Launched {
  const [program = '', ...rest] = [...by, process.execPath, BIN, ...args]
  const child = spawn(program, rest, {
    cwd: repo.dir,
    env: { ...repo.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const pid = child.pid ?? 0
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      try {
        resolve({ status, stdout, stderr, json: answerOf(args, stdout) })
      } catch (error) {
        reject(error)
      }
    })
  })
  const signalGroup = (signal: NodeJS.Signals) => void process.kill(-pid, signal)
  t.teardown(() => {
    if (child.exitCode === null && child.signalCode === null) signalGroup('SIGKILL')
  })
  return {
    pid,
    ended,
    over: () => child.exitCode !== null || child.signalCode !== null,
    said: (words) =>
      until(
        () => stderr.includes(words),
        () => `it never said ${JSON.stringify(words)}, but: ${stderr}${stdout}`,
      ),
    signalGroup,
    text: () => `${stderr}${stdout}`,
  }
}

/** Waits until some process has `words` among its arguments. */
export function running(words: string): Promise<void> {
  return until(
    () => readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && argumentsOf(pid).includes(words)),
    () => `no process with ${JSON.stringify(words)} ever ran`,
  )
}

/** Waits for a condition; rejects with `otherwise` when it never holds. */
export async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  const limit = performance.now() + PATIENCE
  while (!holds()) {
    if (performance.now() > limit) throw new Error(otherwise())
    await sleep(10)
  }
}

/** Whole words only: a shell that was told to start a program has it inside of one. Empty for what went away. */
function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
