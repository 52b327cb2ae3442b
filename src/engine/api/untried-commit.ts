import { maskedText, redactor, secretsInVariables } from '../core/redact/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid, SessionId } from '../model/oid.ts'
import type { Caller } from '../model/options.ts'
import { SCHEMA_VERSION, type SessionResult } from '../model/session.ts'
import type { Verdict } from '../model/verdict.ts'
import { type OpenRepository, withRepository } from '../wiring/index.ts'

/** Faults of one commit and its trees; other commits of a range can still be tried. */
const OF_ONE_COMMIT = new Set<PpError['code']>([
  'OBJECT_MISSING',
  'TREE_TOO_LARGE',
  'MALFORMED',
  'POLICY_INVALID',
  'SETUP_FAILED',
  'SECRET_FOUND',
])

/** True if every commit of a range met the same fault, which belongs to no single commit: nothing was started. */
export function isOfAll(faults: readonly unknown[]): boolean {
  const [first] = faults
  if (!(first instanceof PpError) || OF_ONE_COMMIT.has(first.code)) return false
  return faults.every((fault) => fault instanceof PpError && fault.message === first.message)
}

/**
 * Tries one of several commits. A fault becomes the result of this commit and is added to `faults`; the other commits are
 * still tried.
 */
export async function oneOfMany(
  caller: Caller,
  { commit, id, faults }: { readonly commit: Oid; readonly id: SessionId; readonly faults: unknown[] },
  tried: (openRepo: OpenRepository) => Promise<SessionResult>,
): Promise<SessionResult> {
  let [session, subject] = [id, '']
  try {
    return await withRepository(caller, async (openRepo) => {
      session = openRepo.id
      const known = redactor({ secrets: secretsInVariables(caller.env) })
      subject = maskedText(known, (await openRepo.repository.history.commit(commit)).subject)
      return { ...(await tried(openRepo)), change: { commit, subject } }
    })
  } catch (error) {
    faults.push(error)
    return { ...resultOfUntriedCommit(error, session, commit), change: { commit, subject } }
  }
}

/** The result of a commit that could not be tried. It has no record, and so no base. */
function resultOfUntriedCommit(error: unknown, session: SessionId, commit: Oid): SessionResult {
  const fault = error instanceof PpError ? error : mistake(error, commit)
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: 'prove',
    verdict: fault.code === 'SECRET_FOUND' ? 'DENIED' : (VERDICT_OF_STATUS[fault.status] ?? 'NOT_RUN'),
    reason: `this commit could not be proved: ${fault.message}`,
    mend: fault.mend ?? null,
    session,
    base: null,
    snapshot: false,
    final: null,
    targets: [],
    attempts: [],
    runs: [],
    counts: { reds: 0, greens: 0 },
    judges: 'base',
    judgesChanged: [],
    flipped: [],
    same: null,
    notShown: [],
    failures: [],
    suspects: [],
    sandbox: 'none',
    network: null,
    minimal: 'not asked',
    patch: null,
    warnings: [],
    variables: [],
  }
}

/** The verdicts for these exit statuses of a fault; for any other status the verdict is NOT_RUN. */
const VERDICT_OF_STATUS: Readonly<Record<number, Verdict>> = { 128: 'ERROR', 130: 'INTERRUPTED', 143: 'INTERRUPTED' }

function mistake(error: unknown, commit: Oid): PpError {
  const what = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : String(error)
  const mend = `prove ${commit.slice(0, 12)} alone, without --each, and with PP_DEBUG=1 to see where it failed`
  return new PpError('INTERNAL', `internal error in git pp: ${what}`, { cause: error, mend })
}
