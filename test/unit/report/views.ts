import { utf8Bytes } from '../../../src/engine/core/bytes/canonical.ts'
import type { LocalProofFacts, ProofView } from '../../../src/engine/model/proof-view.ts'
import type { SessionResult } from '../../../src/engine/model/session.ts'
import { HOSTILE, poisoned } from '../../helpers/hostile.ts'
import { attempt, FINAL, proved, ran, SESSION } from './samples.ts'

/** A proof as `show` has it, with the output of each pair. */
export function viewOf(more: Partial<SessionResult> = {}, files: Readonly<Record<string, string>> = {}): ProofView {
  const { schemaVersion: _, ...result } = proved(more)
  const recorded = {
    'attempts/0_baseline/unit/evidence.json': '{}',
    'attempts/0_baseline/unit/stdout': '1 failed\n',
    'attempts/2/unit/evidence.json': '{}',
    'attempts/2/unit/stdout': '1 passed\n',
    'attempts/2/applied.patch': result.patch ?? '',
    'verification/1_red/unit/evidence.json': '{}',
    'verification/1_red/unit/stdout': 'red of pair 1\n',
    'verification/1_green/unit/evidence.json': '{}',
    'verification/1_green/unit/stdout': 'green of pair 1\n',
    ...files,
  }
  return {
    commit: FINAL,
    session: SESSION,
    others: [],
    result,
    manifest: 'a'.repeat(64),
    startedAt: '2024-01-02T03:04:05.000Z',
    finishedAt: '2024-01-02T03:05:05.000Z',
    author: 'A U Thor <author@example.com>',
    attestations: [],
    changedTests: [],
    files: new Map(Object.entries(recorded).map(([path, text]) => [path, utf8Bytes(text)])),
  }
}

/** The proved commit is here, and so is a remote. */
export const HERE: LocalProofFacts = {
  commit: {
    ...{ oid: FINAL, tree: FINAL, parents: [], subject: 'Mend', message: 'Mend\n' },
    ...{ author: 'C O Mitter <committer@example.com>', at: 1_704_164_645 },
  },
  remote: 'upstream',
  gate: [],
}

/** Strings in a result that are words of ours or ids: schemas let nothing else through. */
export const WORDS = new Set([
  ...['session', 'commit', 'base', 'final', 'manifest'],
  'verdict',
  'kind',
  'is',
  'how',
  'limit',
  'by',
  'judges',
  'minimal',
  'role',
  'level',
  'area',
  'word',
])

/** A proof with what is hostile in every string that others choose; only its patch still is one, with hostile lines. */
export function hostileView(): ProofView {
  const text = HOSTILE.slice(0, HOSTILE.lastIndexOf('\n'))
  const patch = `diff --git a/Makefile b/Makefile\n--- a/Makefile\n+++ b/Makefile\n@@ -1 +1 @@\n-x\n+${text.replaceAll('\n', '\n+')}\n`
  const full = viewOf({
    attempts: [
      attempt(1, 'DENIED', { refusals: [{ rule: '', path: '', message: '', source: { file: '', line: 1 } }] }),
    ],
    runs: [ran('base', 'red'), ...proved().runs],
    judgesChanged: [''],
    warnings: [''],
    remarks: [{ path: '', line: 1, kind: '', sentence: '' }],
    mend: '',
    attestation: { role: 'prover', mode: '', keyid: '', fingerprint: '' },
  })
  const hostile = poisoned(
    {
      ...full,
      attestations: [{ role: 'prover' as const, mode: '', key: '' }],
      changedTests: [{ id: '', is: 'added' as const }],
    },
    WORDS,
  )
  const runs = full.result.runs.map((run, at) => ({ ...run, ...(at === 0 ? { target: HOSTILE, reading: red } : {}) }))
  const output = ['stdout', 'stderr'].map((name) => [`verification/1_red/unit/${name}`, utf8Bytes(HOSTILE)] as const)
  return {
    ...hostile,
    session: SESSION,
    commit: FINAL,
    result: { ...hostile.result, session: SESSION, runs, patch },
    files: new Map([...full.files, ...output]),
  }
}

const red = { is: 'red' as const, reason: HOSTILE, failing: [HOSTILE, HOSTILE] }
