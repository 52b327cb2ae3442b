import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { bundleVersionOf, checkedBundle } from '../core/bundle/index.ts'
import { FILES } from '../core/bundle-layout/index.ts'
import { canonicalJson, parseJson, utf8Bytes } from '../core/bytes/index.ts'
import { PpError } from '../model/error.ts'
import { type Bundle, Manifest, type UncheckedBundle } from '../model/proof.ts'

const OUTSIDE = new Set([FILES.manifest, 'SHA256SUMS', FILES.attestation, '.gitignore'])
const TOTAL_LIMIT = 16 << 20
const FILES_LIMIT = 10_000

/** Writes a bundle as files, with manifest.json and SHA256SUMS; never overwrites anything. */
export async function writeBundleDir(dir: string, bundle: Bundle, attestations: readonly string[]): Promise<void> {
  await mkdir(dirname(dir), { recursive: true })
  await mkdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST')
      throw new PpError('USAGE', `${dir} exists already; name another directory or remove it`)
    throw new PpError('DISK_FAILED', `cannot write ${dir}: ${cause.message}`, { cause })
  })
  for (const [path, bytes] of bundle.files) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), bytes, { flag: 'wx' })
  }
  const sums = bundle.manifest.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')
  await writeFile(join(dir, 'SHA256SUMS'), sums, { flag: 'wx' })
  await writeFile(join(dir, FILES.manifest), utf8Bytes(canonicalJson(bundle.manifest)), { flag: 'wx' })
  const lines = attestations.map((line) => `${line}\n`).join('')
  if (lines !== '') await writeFile(join(dir, FILES.attestation), lines, { flag: 'wx' })
}

/** Makes the default directory for exports ignore itself in git. */
export async function ignoreArtifacts(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/**
 * Reads a bundle directory: regular files only, no links, with size limits. Throws MALFORMED if a file differs from its
 * manifest.
 */
export async function readBundleDir(dir: string): Promise<Bundle> {
  return checkedBundle(await openBundleDir(dir))
}

/** A bundle directory as it was found. */
export interface OpenedBundleDirectory extends UncheckedBundle {
  /** The lines of attestation.json: one envelope each. */
  readonly attestations: readonly string[]
}

/** Reads a bundle directory; files and manifest may still contradict each other. Throws USAGE, MALFORMED, NEWER_FORMAT. */
export async function openBundleDir(dir: string): Promise<OpenedBundleDirectory> {
  const facts = await lstat(dir).catch(() => null)
  if (!facts?.isDirectory()) throw new PpError('USAGE', `there is no directory ${dir}`)
  const files = new Map<string, Uint8Array>()
  await collect(dir, dir, files, { bytes: 0 })
  const manifest = files.get(FILES.manifest)
  const parsed = Manifest.safeParse(manifest ? parseJson(new TextDecoder().decode(manifest)) : null)
  if (!parsed.success)
    throw new PpError('MALFORMED', `${dir} is not a proof bundle, because it has no manifest.json that can be read`)
  const lines = new TextDecoder().decode(files.get(FILES.attestation)).split('\n')
  for (const name of OUTSIDE) files.delete(name)
  return { v: bundleVersionOf(files), files, manifest: parsed.data, attestations: lines.filter((line) => line !== '') }
}

async function collect(
  root: string,
  dir: string,
  files: Map<string, Uint8Array>,
  sum: { bytes: number },
): Promise<void> {
  for (const name of await readdir(dir)) {
    const path = join(dir, name)
    const facts = await lstat(path)
    if (facts.isDirectory()) await collect(root, path, files, sum)
    else if (!facts.isFile()) throw new PpError('MALFORMED', `${path} is neither a file nor a directory`)
    else {
      sum.bytes += facts.size
      if (sum.bytes > TOTAL_LIMIT || files.size >= FILES_LIMIT)
        throw new PpError('MALFORMED', `${root} is larger than a proof bundle may be`)
      files.set(relative(root, path), await readFile(path))
    }
  }
}
