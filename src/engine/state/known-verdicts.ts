import { appendFile, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readSmall } from '../platform/index.ts'

/** In bytes: a larger file counts as empty. */
const MOST = 64 * 1024 * 1024

/** Which session answered a question before; the proof itself is in the notes and has to be looked at. */
export interface KnownVerdicts {
  sessionFor(key: string): string | null
  keep(key: string, session: string): Promise<void>
}

/** Those of one repository. A file that somebody else may write counts as empty. */
export async function knownVerdicts(repository: string): Promise<KnownVerdicts> {
  const file = join(repository, 'verdicts')
  const sessions = new Map<string, string>()
  for (const line of (await ownText(file)).split('\n')) {
    const [, key, session] = /^([0-9a-f]{64}) (\w+)$/.exec(line) ?? []
    if (key !== undefined && session !== undefined) sessions.set(key, session)
  }
  return {
    sessionFor: (key) => sessions.get(key) ?? null,
    async keep(key, session) {
      sessions.set(key, session)
      await mkdir(repository, { recursive: true, mode: 0o700 })
      await appendFile(file, `${key} ${session}\n`, { mode: 0o600 })
    },
  }
}

async function ownText(file: string): Promise<string> {
  const facts = await lstat(file).catch(() => null)
  if (!facts?.isFile() || facts.uid !== process.geteuid?.() || (facts.mode & 0o077) !== 0) return ''
  return (await readSmall(file, MOST))?.toString('latin1') ?? ''
}
