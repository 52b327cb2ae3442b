import { registersWithRunner } from '../../core/found-judges/index.ts'
import type { Change } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Session } from '../session/index.ts'

const MOST_BYTES = 1_048_576

/** The parts of a session that tell which product also serves the test runner. */
export type Serving = Pick<Session, 'objects' | 'judgeOf' | 'baseReads' | 'allowedBy'>

/**
 * The changed files that are no judges and that hold fixtures or hooks, before or after the change: the test runner calls these
 * itself, so they decide besides what they are to the product. Added files count, too: an old one may lead to them. Files that
 * may be changed as judges are left out, and so are old ones that the run of the base did not read.
 */
export async function calledByRunner(session: Serving, changes: readonly Change[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const { path, before, after } of changes) {
    const { seen, byRunner } = session.baseReads
    if (seen === null || (before !== null && !seen.has(path))) continue
    if (session.judgeOf(path, { added: before === null }) !== null || session.allowedBy(path) !== null) continue
    const sides = [before, after].flatMap((side) => (side?.mode.startsWith('100') ? [side.oid] : []))
    if (byRunner.has(path) || (await anyRegisters(session, path, sides))) found.push(path)
  }
  return found
}

async function anyRegisters({ objects }: Serving, path: string, sides: readonly Oid[]): Promise<boolean> {
  for (const oid of sides) {
    const bytes = await objects.read(oid)
    if (registersWithRunner(path, new TextDecoder().decode(bytes.subarray(0, MOST_BYTES)))) return true
  }
  return false
}
