import { constants, type Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { editedTree } from '../core/gitobject/index.ts'
import type { FileMode } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { conversionsOf } from './attributes.ts'
import { lastValueOf } from './config.ts'
import type { GitContext } from './git-context.ts'
import { modeOf, type StatusRow } from './parse-output.ts'
import { lstatIfPresent, pathOnDisk } from './paths-on-disk.ts'
import { isPlainPath } from './plain-path.ts'
import type { GitProgram } from './run-git.ts'

/** In bytes. Larger files are left to git, which needs less memory for them. */
const LARGE = 8 * 1024 * 1024

type TrackedRow = Extract<StatusRow, { is: 'tracked' }>
type NewEntry = { readonly mode: FileMode; readonly oid: Oid } | null

/** What a snapshot consists of, besides what HEAD has. */
export interface StagedPaths {
  /** Taken from the work tree. */
  readonly take: readonly string[]
  /** Removed. */
  readonly drop: readonly string[]
  /** Taken from the index. */
  readonly staged: readonly TrackedRow[]
}

/**
 * The tree of HEAD with these paths, as `git add` would stage them; null if git has to do it, because it would convert a
 * file, or because the path or the file is of an unusual kind. Git reads and writes the whole index for this; here only the
 * changed files and their directories are read.
 */
export async function stagedTree(
  gitContext: GitContext,
  git: GitProgram,
  head: Oid,
  { take, drop, staged }: StagedPaths,
): Promise<Oid | null> {
  if (isUnusual(gitContext) || ![...take, ...drop, ...staged.map(({ path }) => path)].every(isPlainPath)) return null
  const entries = new Map<string, NewEntry>(drop.map((path) => [path, null]))
  for (const { path, index } of staged) entries.set(path, index && { mode: modeOf(index.mode), oid: index.oid })
  const converts = await conversionsOf(git, gitContext.config, take)
  for (const path of take) {
    const entry = await entryOf(gitContext, path, converts.get(path) ?? 'never')
    if (entry === undefined) return null
    entries.set(path, entry)
  }
  const { root, trees } = await editedTree(gitContext.tree, head, entries)
  await gitContext.writer.write('tree', trees)
  return root
}

/** On such a file system, git does not believe what the kernel says of a file. */
function isUnusual({ config }: GitContext): boolean {
  return ['core.filemode', 'core.symlinks'].some((key) => /^(?:false|no|off|0)$/i.test(lastValueOf(config, key) ?? ''))
}

/** Undefined: git has to decide. */
async function entryOf(
  gitContext: GitContext,
  path: string,
  converts: 'never' | 'line ends' | 'always',
): Promise<NewEntry | undefined> {
  const full = pathOnDisk(gitContext.place.top, path)
  const stat = await lstatIfPresent(full)
  if (stat === null) return null
  const store = async (bytes: Uint8Array, mode: FileMode) => {
    const [oid = ''] = await gitContext.writer.write('blob', [bytes])
    return { mode, oid }
  }
  if (stat.isSymbolicLink()) return store(await fs.readlink(full, 'buffer'), '120000')
  if (!stat.isFile() || stat.size > LARGE || converts === 'always') return undefined
  const bytes = await contentOf(full)
  if (converts === 'line ends' && bytes.includes(13)) return undefined
  return store(bytes, modeOfFile(stat))
}

function modeOfFile({ mode }: Stats): FileMode {
  return mode & 0o100 ? '100755' : '100644'
}

/** Follows no link, and does not wait for a pipe. */
async function contentOf(full: Buffer): Promise<Buffer> {
  const file = await fs.open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}
