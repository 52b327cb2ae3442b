import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { answerOf } from './answers.ts'
import { installed } from './installed.ts'
import type { TestRepo } from './repo.ts'

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** stdout as JSON, when it is. */
  readonly json: Record<string, unknown> & { verdict?: string; reason?: string }
}

interface How {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** The program that end-to-end tests run, in a prefix of its own. */
export const BIN = join(installed(), 'lib', 'node_modules', 'git-pp', 'bin', 'git-pp.cjs')

/** Sessions of one test file at once: a machine that is busy with sixty of them measures itself, not the tool. */
const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

/** Runs the installed tool in a test repository, as a user would; `--json` is up to the caller. */
export async function pp(repo: TestRepo, args: readonly string[], how: How = {}): Promise<Ran> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await spawnPp(repo, args, how)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

function spawnPp(repo: TestRepo, args: readonly string[], how: How): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...repo.env, ...how.env }
    const child = spawn(process.execPath, [BIN, ...args], { cwd: how.cwd ?? repo.dir, env })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      const stdout = Buffer.concat(out).toString()
      try {
        resolve({ status, stdout, stderr: Buffer.concat(err).toString(), json: answerOf(args, stdout) })
      } catch (error) {
        reject(error)
      }
    })
    child.stdin.end(how.input ?? '')
  })
}
