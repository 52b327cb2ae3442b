import { createHash, randomBytes } from 'node:crypto'
import { appendFile, lstat, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GateBase, GateLine, GateSession } from '../model/gate.ts'
import { readSmall } from '../platform/index.ts'

/** In bytes: what a file of the gate may hold. */
const MOST_BYTES = 4 * 1024 * 1024
const MOST_PART = 256 * 1024 * 1024
/** In bytes: how much of the end of the record is read. */
const MOST_LINES = 1024 * 1024

/** What the gate remembers of one work tree; it lies outside of it, and only its user may read it. */
export interface GateStore {
  readonly dir: string
  session(id: string): Promise<GateSession | null>
  keepSession(id: string, session: GateSession): Promise<void>
  /** `open`: where work begins that was released unproved; `accepted`: the newest base that was accepted. */
  worktree(): Promise<GateWorktree>
  keepWorktree(worktree: GateWorktree): Promise<void>
  /** A file of a session, by its kind; null: there is none. */
  part<T>(session: string, kind: SessionPart): Promise<T | null>
  keepPart(session: string, kind: SessionPart, value: unknown): Promise<void>
  tell(line: GateLine): Promise<void>
  /** Oldest first. */
  lines(): Promise<readonly GateLine[]>
}

/**
 * `beside`: the files that stand beside the tree, `digests`: their contents, `ran`: whether the targets run on the base, `took`:
 * how long, in ms, `tests`: which runner each of them has, and which tests fail there.
 */
export type SessionPart = 'beside' | 'digests' | 'ran' | 'took' | 'tests'

export interface GateWorktree {
  readonly open: GateBase | null
  readonly accepted: GateBase | null
  /** The base that the user moved to, and when, in ms since 1970: sessions that began earlier go on from there. */
  readonly moved: { readonly base: GateBase; readonly at: number } | null
  /** Until when the gate is off, in ms since 1970; `Infinity` is written as null with `off`. */
  readonly off: { readonly until: number | null } | null
  /** The digests of policies that a person let loosen the gate. */
  readonly trusted: readonly string[]
  /** Whether a person was told that the gate is there. */
  readonly introduced: boolean
}

const NOTHING: GateWorktree = { open: null, accepted: null, moved: null, off: null, trusted: [], introduced: false }

/** The store of one work tree. A file that somebody else may write counts as missing. */
export function gateStore(home: string, top: string): GateStore {
  const dir = join(home, 'gate', digest(top).slice(0, 16))
  const sessionFile = (id: string) => join(dir, `session-${digest(id).slice(0, 16)}.json`)
  const partFile = (id: string, kind: SessionPart) => join(dir, `session-${digest(id).slice(0, 16)}.${kind}.json`)
  const record = join(dir, 'record.jsonl')
  return {
    dir,
    session: (id) => readJson<GateSession>(sessionFile(id)),
    keepSession: (id, session) => writeJson(dir, sessionFile(id), session),
    worktree: async () => ({ ...NOTHING, ...(await readJson<GateWorktree>(join(dir, 'worktree.json'))) }),
    keepWorktree: (worktree) => writeJson(dir, join(dir, 'worktree.json'), worktree),
    part: (id, kind) => readJson(partFile(id, kind), MOST_PART),
    keepPart: (id, kind, value) => writeJson(dir, partFile(id, kind), value),
    async tell(line) {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await appendFile(record, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    },
    async lines() {
      const facts = await lstat(record).catch(() => null)
      if (!isOurs(facts)) return []
      const text = (await readSmall(record, 64 * MOST_LINES))?.subarray(-MOST_LINES).toString() ?? ''
      return text.split('\n').flatMap((line) => parsed<GateLine>(line) ?? [])
    },
  }
}

/** The name under which a session of an agent is kept; its own id names no file. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A JSON file that only its owner may write; null where it is missing or not whole. */
export async function readJson<T>(file: string, most = MOST_BYTES): Promise<T | null> {
  if (!isOurs(await lstat(file).catch(() => null))) return null
  return parsed<T>((await readSmall(file, most))?.toString() ?? '')
}

/** Readers see the old file or the new one. */
export async function writeJson(dir: string, file: string, value: unknown): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const own = `${file}~${randomBytes(6).toString('hex')}`
  await writeFile(own, `${JSON.stringify(value)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(own, file)
}

function isOurs(facts: Awaited<ReturnType<typeof lstat>> | null): boolean {
  return facts?.isFile() === true && facts.uid === process.geteuid?.() && (Number(facts.mode) & 0o077) === 0
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}
