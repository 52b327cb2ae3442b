import { spawn } from 'node:child_process'

export interface Ended {
  /** Null when it was ended at its limit. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

interface How {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
  readonly limitSeconds?: number
}

/** Runs one program to its end, or ends its whole group at the limit. */
export function execute(argv: readonly string[], { cwd, env = plainEnv(), limitSeconds = 600 }: How): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = Date.now()
    const [program = '', ...words] = argv
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const out: Buffer[] = []
    const err: Buffer[] = []
    let late = false
    const timer = setTimeout(() => {
      late = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, limitSeconds * 1000)
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      const seconds = Math.round((Date.now() - started) / 10) / 100
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString()
      resolve({ code: late ? null : (code ?? 1), stdout: text(out), stderr: text(err), seconds })
    })
  })
}

/** The caller's environment without what would steer git or the tool. */
export function plainEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(GIT_|PP_|NODE_OPTIONS$|FORCE_COLOR$|CI$)/.test(name))
  return { ...Object.fromEntries(kept), GIT_CONFIG_NOSYSTEM: '1' }
}
