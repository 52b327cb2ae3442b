import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PpError } from '../../model/error.ts'
import { readSmall, removeTree } from '../../platform/index.ts'

const MAX_FILES = 256
const MAX_BYTES = 16 * 1024 * 1024

/** The private directory of one run into which a runner may write its report. */
export interface ReportDirectory {
  readonly dir: string
  /** Reads small regular files by name; not what exceeds 16 MiB in total, is not a file, or is below a directory. */
  read(): Promise<ReadonlyMap<string, Uint8Array>>
  dispose(): Promise<void>
}

/** `files`: files that are put there before the run, by plain names, with `/` between them; they are not read back. */
export async function openReportDirectory(
  state: string,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<ReportDirectory> {
  const dir = await mkdtemp(join(state, 'reports-'))
  // Nobody else knows the directory yet; still, `wx` follows no symlink and replaces nothing.
  for (const [name, bytes] of files) {
    if (!/^\w[\w.-]*(?:\/\w[\w.-]*)*$/.test(name))
      throw new PpError('INTERNAL', `this is not a plain file name: ${JSON.stringify(name)}`)
    await mkdir(dirname(join(dir, name)), { recursive: true, mode: 0o755 })
    await writeFile(join(dir, name), bytes, { flag: 'wx', mode: 0o644 })
  }
  return {
    dir,
    read: () => readReports(dir, files),
    dispose: () => removeTree(dir),
  }
}

async function readReports(
  dir: string,
  before: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  let left = MAX_BYTES
  const names = await readdir(dir).catch(() => [])
  const written = names.filter((name) => !before.has(name))
  for (const name of written.sort().slice(0, MAX_FILES)) {
    const bytes = await readSmall(join(dir, name), left).catch(() => null)
    if (bytes === null) continue
    found.set(name, bytes)
    left -= bytes.length
  }
  return found
}
