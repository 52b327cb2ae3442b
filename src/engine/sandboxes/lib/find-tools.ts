import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { PpError } from '../../model/error.ts'
import { howEnded, runProgram } from '../../platform/index.ts'
import type { SandboxHost } from '../../ports/sandbox.ts'

const STANDARD = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/**
 * The directories in which the sandbox looks for its own tools: never in the user's checkout, because patches and tests can
 * write there.
 */
export function toolPath(host: Pick<SandboxHost, 'path' | 'checkout'>): readonly string[] {
  const named = host.path.split(':').filter((dir) => isAbsolute(dir) && !isInside(resolve(dir), host.checkout))
  return [...new Set([...STANDARD, ...named])]
}

/** The absolute path of a program for the sandbox itself, or null. */
export function findTool(dirs: readonly string[], name: string): string | null {
  return dirs.map((dir) => join(dir, name)).find(runnable) ?? null
}

/** The answer of a tool to an option such as `--version`. Throws SANDBOX_UNAVAILABLE. */
export async function askTool(program: string, question: string): Promise<string> {
  const end = await runProgram({ program, args: [question], env: {} })
  if (end.how === 'exited' && end.code === 0) return end.stdout.toString('utf8')
  throw new PpError('SANDBOX_UNAVAILABLE', `${program} ${question} ${howEnded(end)}`)
}

/** The absolute path of the program that execvp(3) would start for `name` in `cwd`; null = there is none. */
export function findProgram(name: string, path: string | undefined, cwd: string): string | null {
  if (name.includes('/')) return runnable(resolve(cwd, name)) ? resolve(cwd, name) : null
  const dirs = (path ?? STANDARD.join(':')).split(':')
  return dirs.map((dir) => resolve(cwd, dir, name)).find(runnable) ?? null
}

/** True for `top` itself and everything below it. */
export function isInside(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep)
}

/** Splits a long list that is written as lines of words. */
export function splitWords(line: string): readonly string[] {
  return line.split(' ')
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
