import * as fs from 'node:fs/promises'
import * as path from 'node:path'

/**
 * True if one of the directories from `cwd` upwards has a `.git` that leads to this git directory. No tree can contain a
 * `.git`, but git also accepts a directory of a checkout as a repository if it looks like one.
 */
export async function reachedThroughDotGit(cwd: string, gitDir: string): Promise<boolean> {
  const wanted = await fs.realpath(gitDir)
  for (const directory of upwards(await fs.realpath(cwd)))
    if ((await leadsTo(path.join(directory, '.git'))) === wanted) return true
  return false
}

/** True if a branch can bring this file: it is in a work tree (`top`, or any other), and not inside a `.git`. */
export async function liesInWorkTree(file: string, top: string): Promise<boolean> {
  const real = await fs.realpath(file).catch(() => file)
  for (const directory of upwards(path.dirname(real))) {
    const below = path.relative(directory, real).toLowerCase().split(path.sep)
    if (below.includes('.git')) continue
    if (directory === top || (await isThere(path.join(directory, '.git')))) return true
  }
  return false
}

function upwards(directory: string): readonly string[] {
  const parent = path.dirname(directory)
  return parent === directory ? [directory] : [directory, ...upwards(parent)]
}

async function isThere(file: string): Promise<boolean> {
  return fs.lstat(file).then(
    () => true,
    () => false,
  )
}

/** The git directory that a `.git` is, or that it names in the form `gitdir: PATH`. Null if it is neither. */
async function leadsTo(dotGit: string): Promise<string | null> {
  const facts = await fs.stat(dotGit).catch(() => null)
  if (facts?.isDirectory()) return fs.realpath(dotGit)
  if (!facts?.isFile() || facts.size > MAX_GIT_FILE_BYTES) return null
  const [, named] = /^gitdir: ([^\n]+)\r?\n*$/.exec(await fs.readFile(dotGit, 'utf8').catch(() => '')) ?? []
  if (named === undefined) return null
  return fs.realpath(path.resolve(path.dirname(dotGit), named)).catch(() => null)
}

/** Git itself reads no longer `.git` file. */
const MAX_GIT_FILE_BYTES = 1 << 20
