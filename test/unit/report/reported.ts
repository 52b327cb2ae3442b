import type { SessionResult } from '../../../src/engine/model/session.ts'
import type { Verification } from '../../../src/engine/model/verification.ts'
import type { ReportedProof } from '../../../src/engine/report/reported-proof.ts'
import { FINAL } from './samples.ts'
import { hostileView, viewOf } from './views.ts'

export function verifiedAs(verdict: Verification['verdict'], reason = `it is ${verdict}`): Verification {
  const nothing = { mend: null, session: null, manifest: null, signatures: [], checks: [], cautions: [] }
  return { schemaVersion: 1, verdict, reason, commit: FINAL, ...nothing }
}

/** A proof as programs get it. */
export function reported(
  more: Partial<SessionResult> = {},
  verdict: Verification['verdict'] = 'PROVED',
): ReportedProof {
  return { commit: FINAL, view: viewOf(more), verified: verifiedAs(verdict) }
}

/** A commit without a proof. */
export const MISSING: ReportedProof = {
  commit: FINAL,
  view: null,
  verified: verifiedAs('MISSING', 'no proof here is about this commit'),
}

/** What a hostile author can write into a proof, and a verifier that repeats it. */
export function hostileProof(text: string): ReportedProof {
  const judge = `tests/a b,c:d%"${"'"}&<>::x.py`
  const view = hostileView()
  const patch = `diff --git a/${judge} b/${judge}\n--- a/${judge}\n+++ b/${judge}\n@@ -1,2 +7,2 @@\n same\n-x\n+y\n`
  const remarks = [{ path: judge, line: 3, kind: 'process-end', sentence: text }]
  const result = { ...view.result, verdict: 'TESTS_CHANGED' as const, patch, judgesChanged: [judge], remarks }
  return { commit: FINAL, view: { ...view, result }, verified: verifiedAs('NOT_A_PROOF', text) }
}
