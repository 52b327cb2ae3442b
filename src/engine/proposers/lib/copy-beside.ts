import { lstat, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { isDependencies } from '../../core/paths/index.ts'
import { secretPath } from '../../core/redact/index.ts'
import { howEnded, removeTree, runProgram, walk } from '../../platform/index.ts'
import type { IncludedDependency } from '../../ports/workspace.ts'

/** In bytes. A larger certificate is left out like a key. */
const MAX_CERTIFICATE = 1024 * 1024

export interface BesideCopy {
  /** The includes to copy. */
  readonly beside: readonly IncludedDependency[]
  /** The copy of the tree. */
  readonly dir: string
  /** The PATH on which cp(1) is. */
  readonly path: string
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * What of the includes a program may have: dependency directories, and those that the user named for it. Nothing that has the
 * name of a file with secrets.
 */
export function besideFor(
  includes: readonly IncludedDependency[],
  named: readonly string[],
): readonly IncludedDependency[] {
  return includes.filter(
    ({ path, directory }) =>
      ((directory && isDependencies(path)) || named.includes(path)) && !secretPath(path) && !secretPath(`${path}/file`),
  )
}

/**
 * Copies includes into the copy of the tree, without what has the name of a secret: whatever a program does to them, the
 * user's own stay as they are. What cannot be copied is told and left out. Returns the paths that are there now.
 */
export async function copyBeside({ beside, dir, path, progress, signal }: BesideCopy): Promise<readonly string[]> {
  const copied: string[] = []
  for (const include of beside) {
    signal.throwIfAborted()
    const to = join(dir, include.path)
    if (await lstat(to).catch(() => null)) continue
    progress(`command: copying ${include.path} for the program`)
    await mkdir(dirname(to), { recursive: true })
    const args = ['-a', '--reflink=auto', '--', include.source, to]
    const end = await runProgram({ program: 'cp', args, signal, env: { PATH: path, LC_ALL: 'C' } })
    if (end.how === 'exited' && end.code === 0) {
      await clean(include, to, dir)
      copied.push(include.path)
    } else {
      await removeTree(to)
      signal.throwIfAborted()
      progress(`command: the program works without ${include.path}, which could not be copied: cp ${howEnded(end)}`)
    }
  }
  return copied
}

/** Takes secrets out of a copied directory, and turns links into the original into links into the copy. */
async function clean({ path, source, directory }: IncludedDependency, to: string, dir: string): Promise<void> {
  if (!directory) return
  // The top of the user's work tree, where the include stands in it and is no link.
  const top = source.endsWith(`/${path}`) ? source.slice(0, -path.length - 1) : source
  const there = top === source ? to : dir
  for await (const { path: below, at, facts } of walk(to)) {
    if (facts.isSymbolicLink()) await turn(at, top, there)
    else if (facts.isFile() && secretPath(below) && !(await isCertificate(at, facts.size))) await rm(at)
  }
}

async function turn(link: string, top: string, there: string): Promise<void> {
  const target = await readlink(link)
  if (!isAbsolute(target) || (target !== top && !target.startsWith(`${top}/`))) return
  await rm(link)
  await symlink(join(there, relative(top, target)), link)
}

/** Packages of certificates have the names of keys, and no connection works without them. */
async function isCertificate(file: string, size: number): Promise<boolean> {
  if (size > MAX_CERTIFICATE) return false
  const text = await readFile(file, 'latin1')
  return text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY')
}
