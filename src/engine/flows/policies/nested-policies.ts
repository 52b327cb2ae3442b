import type { NestedPolicy } from '../../core/guard/index.ts'
import {
  directoryOf,
  MAX_POLICY_BYTES,
  mergePolicy,
  nearestPolicyFile,
  type ParsedPolicy,
  parsePolicy,
} from '../../core/policy/index.ts'
import type { Change, TreeEntry } from '../../model/change.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'

/** Policy files that were parsed, by blob id and format: a tree may hold the same file in thousands of directories. */
export type ParsedPolicies = Map<string, ParsedPolicy | null>

/** Patterns of all policies that apply to one change. Each of them is asked about each path below its directory. */
const MOST_PATTERNS = 20_000

/**
 * The policies of the base that apply to the directories of the changed files, besides those in force: these files must obey
 * each of them. Throws POLICY_INVALID if they have too many patterns together.
 */
export async function nestedPolicies(
  base: readonly TreeEntry[],
  changes: readonly Change[],
  inForce: Policy['files'],
  read: ReadBounded,
  parsed: ParsedPolicies = new Map(),
): Promise<NestedPolicy[]> {
  const oids = new Map(base.map(({ path, oid }) => [path, oid]))
  const heeded = new Set(inForce.flatMap(({ path, commit }) => (commit === null ? [] : [path])))
  const found = new Map<string, Set<string>>()
  for (const { path } of changes) {
    const file = nearestPolicyFile(directoryOf(path), (one) => oids.has(one))
    if (file === null || heeded.has(file)) continue
    found.set(file, (found.get(file) ?? new Set()).add(path))
  }
  const nested: NestedPolicy[] = []
  let patterns = 0
  for (const [file, paths] of found) {
    const oid = oids.get(file)
    const policy = oid === undefined ? null : await readNestedPolicy(file, oid, read, parsed)
    patterns += policy === null ? 0 : policy.denyWrite.length + policy.writeAllowlist.flat().length
    if (patterns > MOST_PATTERNS)
      throw new PpError(
        'POLICY_INVALID',
        `the policies of the changed directories have more than ${MOST_PATTERNS} patterns together; change fewer directories at once`,
      )
    nested.push({ file, paths, policy })
  }
  return nested
}

type ReadBounded = (oid: Oid, most?: number) => Promise<Uint8Array>

/** The text of a policy file; null: it is larger than a policy may be, and was not read. */
export async function policyText(read: ReadBounded, oid: Oid): Promise<string | null> {
  const bytes = await read(oid, MAX_POLICY_BYTES).catch((error: unknown) => {
    if (error instanceof PpError && error.code === 'TREE_TOO_LARGE') return null
    throw error
  })
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

/** What one policy file says by itself; null where it cannot be read. Each blob is parsed once. */
export async function readNestedPolicy(
  path: string,
  oid: Oid,
  read: ReadBounded,
  known: ParsedPolicies,
): Promise<Policy | null> {
  const format = path.endsWith('.json') ? 'json' : 'yaml'
  const key = `${oid} ${format}`
  const text = known.has(key) ? null : await policyText(read, oid)
  const parsed = known.get(key) ?? (text === null ? null : parsePolicy(text, { file: path, format }))
  known.set(key, parsed)
  if (!parsed?.ok) return null
  const file = { path, commit: null, blob: null }
  const layer = { from: 'file', values: parsed.value, root: directoryOf(path), file, lines: parsed.lines } as const
  return mergePolicy([layer], { limits: 'written' })
}
