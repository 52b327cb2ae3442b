import { lstat, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sweep } from '../model/options.ts'
import { bootId, type Owner, startTime } from './session-dir.ts'
import { chmodTree } from './unlock.ts'

/** Removes what dead sessions left: their directories and the worktrees registered inside them; only ours, no link followed. */
export async function sweep(
  repository: string,
  options: { readonly commonDir: string; readonly uid: number; readonly dryRun: boolean },
): Promise<Sweep> {
  const removed: { what: string; why: string }[] = []
  const remove = async (what: string, why: string) => {
    removed.push({ what, why })
    if (!options.dryRun) await removeTree(what)
  }
  const sessions = join(repository, 'sessions')
  const registered = await worktrees(options.commonDir)
  for (const name of await readdir(sessions).catch(() => [])) {
    const dir = join(sessions, name)
    const facts = await lstat(dir).catch(() => null)
    if (!facts?.isDirectory() || facts.uid !== options.uid) continue
    const owner = await ownerOf(join(dir, 'owner'))
    if (owner ? await alive(owner) : Date.now() - facts.mtimeMs < GRACE_MS) continue
    const real = await realpath(dir)
    for (const { admin, gitFile } of registered)
      if (gitFile.startsWith(`${real}/`)) await remove(admin, `worktree of the dead session ${name}`)
    await remove(dir, 'working directory of a dead session')
  }
  return { removed, dryRun: options.dryRun }
}

/** A directory without an owner's line may be one that is just being made. */
const GRACE_MS = 60_000

/** The linked worktrees of a repository: where git keeps each, and the `.git` file that it belongs to. */
async function worktrees(commonDir: string): Promise<readonly { admin: string; gitFile: string }[]> {
  const root = join(commonDir, 'worktrees')
  const found: { admin: string; gitFile: string }[] = []
  for (const name of await readdir(root).catch(() => [])) {
    const admin = join(root, name)
    const gitdir = await smallFile(join(admin, 'gitdir'))
    if (gitdir !== null && (await lstat(admin)).isDirectory()) found.push({ admin, gitFile: gitdir.trim() })
  }
  return found
}

async function alive({ pid, started, boot }: Owner): Promise<boolean> {
  if (boot !== (await bootId())) return false
  if (started !== '') return (await startTime(pid)) === started
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function ownerOf(path: string): Promise<Owner | null> {
  const [line] = (await smallFile(path))?.split('\n') ?? []
  try {
    return line ? (JSON.parse(line) as Owner) : null
  } catch {
    return null
  }
}

async function smallFile(path: string): Promise<string | null> {
  const facts = await lstat(path).catch(() => null)
  return facts?.isFile() && facts.size < 1 << 20 ? readFile(path, 'utf8') : null
}

/** Removes a tree whose directories a command may have made unreadable. */
async function removeTree(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch(async () => {
    await chmodTree(dir)
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  })
}
