import { PpError } from '../model/error.ts'
import type { SessionId } from '../model/oid.ts'
import { SCHEMA_VERSION, type SessionResult } from '../model/session.ts'

/** Faults that lie in one commit and its trees, so that others of a range can be tried. */
const OF_ONE_COMMIT = new Set<PpError['code']>([
  'OBJECT_MISSING',
  'TREE_TOO_LARGE',
  'MALFORMED',
  'POLICY_INVALID',
  'SETUP_FAILED',
])

/** The result of one commit of several that could not be tried. Throws a fault that is not of this commit alone. */
export function untried(error: unknown, session: SessionId): SessionResult {
  if (!(error instanceof PpError) || !OF_ONE_COMMIT.has(error.code)) throw error
  const { message, mend = null } = error
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: 'prove',
    verdict: 'NOT_RUN',
    reason: `this commit could not be tried: ${message}`,
    mend,
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
