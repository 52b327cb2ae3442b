import { PpError } from '../../model/error.ts'
import {
  type Bundle,
  BundleLine,
  type Manifest,
  PROOF_VERSION,
  ProofVersion,
  type UncheckedBundle,
  Versioned,
} from '../../model/proof.ts'
import { FILES, isStream } from '../bundle-layout/index.ts'
import { base64, canonicalJson, fromBase64, parseJson, sha256, strictUtf8, utf8Bytes } from '../bytes/index.ts'

/** The largest size of a bundle line, in bytes of canonical JSON; keeps its note cheap to fetch. */
export const LINE_LIMIT = 1 << 20
/** In bytes. Of a larger patch only the digest is kept, because it can be made again from the two trees. */
export const PATCH_LIMIT = 256 * 1024
/** Streams are cut to these sizes in turn until the line fits; bytes for each stream. */
const STREAM_CAPS = [65_536, 16_384, 4_096, 1_024, 256]

/**
 * What is kept of a long stream: from its start a quarter of the largest cap, from its end three quarters, and the size and
 * digest of the whole.
 */
export interface ShortenedStream {
  readonly head: Uint8Array
  readonly tail: Uint8Array
  readonly whole: { readonly bytes: number; readonly sha256: string }
}

/** A file of a bundle under construction. */
export type BundleFileContent = Uint8Array | ShortenedStream

/**
 * A stream as it is kept for a bundle. Long output is shortened at once, so that a session with many runs does not hold it in
 * memory.
 */
export function shortenStream(bytes: Uint8Array): BundleFileContent {
  const [cap = 0] = STREAM_CAPS
  if (bytes.length <= cap) return bytes
  const head = bytes.slice(0, cap >> 2)
  return { head, tail: bytes.slice(bytes.length - (cap - head.length)), whole: wholeOf(bytes) }
}

function wholeOf(bytes: Uint8Array): ShortenedStream['whole'] {
  return { bytes: bytes.length, sha256: sha256(bytes) }
}

/** Files → bundle: cuts output until the line fits, then lists and digests what is left. */
export function sealBundle(files: ReadonlyMap<string, BundleFileContent>): Bundle {
  for (const cap of STREAM_CAPS) {
    const bundle = sealWith(files, cap)
    if (utf8Bytes(encodeBundleLine(bundle)).length <= LINE_LIMIT) return bundle
  }
  throw new PpError(
    'INTERNAL',
    'the record of this session is too large for one line of a git note (1 MiB), even without the output of the commands',
  )
}

function sealWith(files: ReadonlyMap<string, BundleFileContent>, cap: number): Bundle {
  const kept = new Map<string, Uint8Array>()
  const manifest: Manifest = []
  for (const path of [...files.keys()].sort(byBytes)) {
    const part = files.get(path) ?? new Uint8Array()
    const stream = part instanceof Uint8Array && isStream(path) ? shortenStream(part) : part
    const long = !(stream instanceof Uint8Array) || (isStream(path) && stream.length > cap)
    const bytes = long ? cut(stream, cap) : stream
    kept.set(path, bytes)
    const entry = { path, sha256: sha256(bytes), bytes: bytes.length }
    manifest.push(long ? { ...entry, truncated: stream instanceof Uint8Array ? wholeOf(stream) : stream.whole } : entry)
  }
  return { v: bundleVersionOf(kept), files: kept, manifest, digest: sha256(canonicalJson(manifest)) }
}

/**
 * Head and tail of a stream, with one line between them that says how much is missing. The tail is longer, because failures
 * are printed at the end.
 */
function cut(stream: BundleFileContent, cap: number): Uint8Array {
  const {
    head: first,
    tail: last,
    whole,
  } = stream instanceof Uint8Array ? { head: stream, tail: stream, whole: { bytes: stream.length } } : stream
  const head = first.subarray(0, cap >> 2)
  const tail = last.subarray(last.length - (cap - (cap >> 2)))
  const gone = utf8Bytes(`\n[... ${whole.bytes - head.length - tail.length} bytes cut ...]\n`)
  const joined = new Uint8Array(head.length + gone.length + tail.length)
  joined.set(head)
  joined.set(gone, head.length)
  joined.set(tail, head.length + gone.length)
  return joined
}

/** The one line of `refs/notes/pp/bundles`, without its newline. */
export function encodeBundleLine(bundle: UncheckedBundle): string {
  const files: BundleLine['files'] = {}
  for (const [path, bytes] of bundle.files) {
    const text = strictUtf8(bytes)
    files[path] = text === null ? { base64: base64(bytes) } : { utf8: text }
  }
  return canonicalJson({ v: bundle.v, manifest: bundle.manifest, files })
}

/** Reads one line and checks that every file has the digest that the manifest lists. Throws MALFORMED or NEWER_FORMAT. */
export function decodeBundleLine(line: string): Bundle {
  return checkedBundle(openBundleLine(line))
}

/** Reads one line; files and manifest may still contradict each other. Throws MALFORMED or NEWER_FORMAT. */
export function openBundleLine(line: string): UncheckedBundle {
  if (line.length > LINE_LIMIT) throw new PpError('MALFORMED', 'the bundle is longer than 1 MiB')
  const parsed = BundleLine.safeParse(parseJson(line))
  if (!parsed.success) throw unreadable(line)
  const files = new Map(
    Object.entries(parsed.data.files).map(([path, file]) => [
      path,
      'utf8' in file ? utf8Bytes(file.utf8) : fromBase64(file.base64),
    ]),
  )
  return { v: parsed.data.v, files, manifest: parsed.data.manifest }
}

/** Like `openBundleLine`, for verifiers: the line must be canonical, so that there is only one way to read it. */
export function openCanonicalBundleLine(line: string): UncheckedBundle {
  const opened = openBundleLine(line)
  if (encodeBundleLine(opened) === line) return opened
  throw new PpError('MALFORMED', 'the bundle is not canonical JSON, so two programs could read it differently')
}

/**
 * The version of a bundle that comes as files, as its `repro.json` states it; without a statement, the current version.
 * Throws NEWER_FORMAT.
 */
export function bundleVersionOf(files: ReadonlyMap<string, Uint8Array>): ProofVersion {
  const said = Versioned.safeParse(parseJson(new TextDecoder().decode(files.get(FILES.repro)))).data?.v
  if (said !== undefined && said > PROOF_VERSION) throw newer(said)
  return ProofVersion.safeParse(said).data ?? PROOF_VERSION
}

/** A bundle from untrusted files and an untrusted manifest: paths and digests must agree. Throws MALFORMED. */
export function checkedBundle({ v, files, manifest }: UncheckedBundle): Bundle {
  for (const { path, sha256: digest } of manifest) {
    if (!safePath(path)) throw new PpError('MALFORMED', `the bundle holds an unsafe path: ${JSON.stringify(path)}`)
    const bytes = files.get(path)
    if (!bytes) throw new PpError('MALFORMED', `the file ${path}, which the manifest lists, is missing in the bundle`)
    if (sha256(bytes) !== digest)
      throw new PpError('MALFORMED', `the file ${path} of the bundle does not have the digest that the manifest lists`)
  }
  const listed = new Set(manifest.map(({ path }) => path))
  const loose = [...files.keys()].find((path) => !listed.has(path))
  if (loose !== undefined)
    throw new PpError('MALFORMED', `the bundle holds ${JSON.stringify(loose)}, which its manifest does not list`)
  if (listed.size !== manifest.length) throw new PpError('MALFORMED', 'the manifest lists a path twice')
  return { v, files, manifest, digest: sha256(canonicalJson(manifest)) }
}

function unreadable(line: string): PpError {
  const version = /"v":(\d+)\}$/.exec(line)?.[1]
  if (version && Number(version) > PROOF_VERSION) return newer(Number(version))
  return new PpError('MALFORMED', 'this is not a proof bundle')
}

function newer(version: number): PpError {
  const reason = `this proof has format ${version}, but this git-pp reads only up to format ${PROOF_VERSION}; install a newer git-pp`
  return new PpError('NEWER_FORMAT', reason)
}

function safePath(path: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.split('/').some((part) => part === '.' || part === '..')
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
