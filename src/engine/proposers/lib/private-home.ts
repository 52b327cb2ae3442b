import { lstatSync, realpathSync } from 'node:fs'
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { readSmall, runProgram, succeeds } from '../../platform/index.ts'
import type { AgentPreset } from '../../ports/agent-preset.ts'
import type { ProposerHost } from '../../ports/proposer.ts'
import type { ProposingCommand } from './command-settings.ts'

/** A home that only the program sees, in whose work tree the copy stands. */
export interface PrivateHome {
  /** The program and its arguments before `sh -c`. */
  readonly through: readonly string[]
  /** The path of a file in it, as the program sees it, which holds the text. */
  add(name: string, text: string): Promise<string>
  /** Keeps a login that the program renewed. */
  keepLogins(): Promise<void>
}

/** In bytes. No login is larger. */
const MAX_LOGIN = 1024 * 1024

/** A line for whoever waits. */
type Told = (line: string) => void

type HomePlace = NonNullable<ProposerHost['place']>

interface HomeOrder {
  readonly command: ProposingCommand
  readonly place: HomePlace | undefined
  /** The copy of the tree, and an empty directory for the home. */
  readonly tree: string
  readonly dir: string
}

/** Null: the program gets the user's own home, because bubblewrap does not work here, or for the reason that is told. */
export async function privateHome(
  { command, place, tree, dir }: HomeOrder,
  progress: Told,
): Promise<PrivateHome | null> {
  const { HOME: home = '', PATH: path = '' } = command.env
  if (!command.privateHome || place === undefined || !isAbsolute(home) || lstatOf(home) === null) return null
  const bwrap = onPath('bwrap', path)
  if (bwrap === null || !(await succeeds(bwrap, ['--dev-bind', '/', '/', 'true']))) return null
  const { checkout } = place
  if (isBelow(home, checkout)) return null
  const inHome = Object.entries(command.env).find(
    ([name, value]) => !['HOME', 'PATH'].includes(name) && isBelow(value, home),
  )
  if (inHome !== undefined) {
    progress(`command: the program gets your own home, because ${inHome[0]} names a place in it`)
    return null
  }
  const logins = await copyNamed(command.preset, home, dir, path)
  const parts = [...place.homeParts(), ...programParts(command.line, path, home)]
  const shown = parts.flatMap(({ at, from, is }) => {
    if (from !== null) return ['--ro-bind', from, at]
    return is === 'no directory' ? ['--tmpfs', at] : ['--ro-bind', '/dev/null', at]
  })
  const tops = ['--bind', dir, home, ...shown, '--bind', tree, checkout, '--chdir', checkout]
  return {
    through: [bwrap, '--dev-bind', '/', '/', ...tops, '--die-with-parent', '--'],
    async add(name, text) {
      await writeFile(join(dir, name), text)
      return join(home, name)
    },
    keepLogins: async () => {
      for (const [login, before] of logins) await keepLogin(join(dir, login), before, join(home, login), progress)
    },
  }
}

/** The logins among the files that were copied: path below home → content. */
async function copyNamed(
  preset: AgentPreset | null,
  home: string,
  dir: string,
  path: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const logins = new Map<string, Buffer>()
  for (const name of preset?.home ?? []) {
    if (lstatOf(join(home, name)) === null) continue
    await mkdir(dirname(join(dir, name)), { recursive: true })
    // What cannot be copied is missing, as if the user had no such file.
    await runProgram({ program: 'cp', args: ['-aL', '--', join(home, name), join(dir, name)], env: { PATH: path } })
    const login = preset?.logins.includes(name) ? await readLogin(join(home, name)) : null
    if (login !== null) logins.set(name, login)
  }
  return logins
}

/**
 * A server may accept a renewed login only, so that the user would have to log in again if it were lost. It is written only where a
 * login was, where nobody else renewed it in the meantime, and where it has the same keys: an agent that was led astray could write
 * anything here, and settings are none of it.
 */
async function keepLogin(made: string, before: Buffer, own: string, progress: Told): Promise<void> {
  const [now, users] = await Promise.all([readLogin(made), readLogin(own)])
  if (now === null || users === null || now.equals(before) || !users.equals(before)) return
  if (shapeOf(now) === null || shapeOf(now) !== shapeOf(before))
    return progress(`command: what the agent wrote into its copy of ${own} is no renewed login, so it is not kept`)
  const beside = `${own}.git-pp-${process.pid}`
  try {
    await writeFile(beside, now, { mode: (await lstat(own)).mode & 0o777, flag: 'wx' })
    await rename(beside, own)
    progress(`command: the agent renewed its login, which is kept in ${own}`)
  } catch {
    await rm(beside, { force: true })
  }
}

/** The keys of a JSON object and the types of their values; null: it is none. */
function shapeOf(bytes: Buffer): string | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null ? JSON.stringify(keysOf(value)) : null
  } catch {
    return null
  }
}

function keysOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  if (Array.isArray(value)) return 'list'
  return Object.entries(value)
    .map(([key, one]) => [key, keysOf(one)])
    .sort()
}

function readLogin(file: string): Promise<Buffer | null> {
  return readSmall(file, MAX_LOGIN).catch(() => null)
}

/** Where the agent itself is installed, if that is in home. */
function programParts(line: string, path: string, home: string) {
  const program = line.split(' ').find((word) => !word.includes('=')) ?? ''
  const found = onPath(program, path)
  if (found === null) return []
  const real = realpathSync(found)
  const packages = real.indexOf('/node_modules/')
  const at = packages < 0 ? dirname(real) : real.slice(0, packages + '/node_modules'.length)
  return [...new Set([dirname(found), at])]
    .filter((dir) => isBelow(dir, home) && dir !== home)
    .map((dir) => ({ at: dir, from: dir, is: 'shown' as const }))
}

function onPath(name: string, path: string): string | null {
  const places =
    name === ''
      ? []
      : path
          .split(':')
          .filter(isAbsolute)
          .map((dir) => join(dir, name))
  return places.find((place) => lstatOf(place) !== null) ?? null
}

function lstatOf(path: string) {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}

/** True for `top` itself, too. */
function isBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith('/') ? top : `${top}/`)
}
