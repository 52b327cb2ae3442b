import { lstat, readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Sweep } from '../model/options.ts'
import { bootId, type JournalEntry, startTime } from './session-dir.ts'
import { chmodTree } from './unlock.ts'

/** Removes what dead sessions left: only what their journals list, only ours, no link followed. */
export async function sweep(
  repository: string,
  options: { readonly commonDir: string; readonly uid: number; readonly dryRun: boolean },
): Promise<Sweep> {
  const removed: { what: string; why: string }[] = []
  const sessions = join(repository, 'sessions')
  for (const name of await readdir(sessions).catch(() => [])) {
    const dir = join(sessions, name)
    const facts = await lstat(dir).catch(() => null)
    if (!facts?.isDirectory() || facts.uid !== options.uid) continue
    const entries = await journal(join(dir, 'journal'))
    const owner = entries.find((entry) => entry.is === 'owner')
    if (owner && (await alive(owner))) continue
    if (!owner && Date.now() - facts.mtimeMs < GRACE_MS) continue
    for (const entry of entries) {
      if (entry.is !== 'worktree' || !registered(entry.admin, options.commonDir)) continue
      if (!(await lstat(entry.admin).catch(() => null))?.isDirectory()) continue
      removed.push({ what: entry.admin, why: `worktree of the dead session ${name}` })
      if (!options.dryRun) await rm(entry.admin, { recursive: true, force: true })
    }
    removed.push({ what: dir, why: 'working directory of a dead session' })
    if (!options.dryRun) await removeTree(dir)
  }
  return { removed, dryRun: options.dryRun }
}

/** A directory without an owner's line may be one that is just being made. */
const GRACE_MS = 60_000

type Owner = Extract<JournalEntry, { is: 'owner' }>

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

async function journal(path: string): Promise<JournalEntry[]> {
  const facts = await lstat(path).catch(() => null)
  if (!facts?.isFile() || facts.size > 1 << 20) return []
  const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean)
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as JournalEntry]
    } catch {
      return []
    }
  })
}

/** Only an entry of this repository's own list of work trees is ours to remove. */
function registered(admin: string, commonDir: string): boolean {
  return dirname(admin) === join(commonDir, 'worktrees') && basename(admin) !== '..'
}

/** Removes a tree whose directories a command may have made unreadable. */
async function removeTree(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch(async () => {
    await chmodTree(dir)
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  })
}
