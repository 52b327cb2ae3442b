import { encodeEnvelope, openEnvelope, signedMessageOf, statementOf } from '../../core/attest/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Bundle } from '../../model/proof.ts'
import type { SessionResult } from '../../model/session.ts'
import type { SignerRole } from '../../model/statement.ts'
import type { Notes } from '../../ports/repository.ts'
import type { Signer } from '../../ports/signer.ts'
import { notesRef } from '../refs/index.ts'
import type { SealedSession } from '../session/index.ts'
import { reproOf } from '../store/index.ts'
import { type NotesReader, noteLinesOn } from '../verify/index.ts'

/**
 * Signs what a session proved. It signs the digests of the bundle in memory; it reads no file and no ref again that a child
 * process could have written. A session that proved nothing is not signed. If signing fails, the proof stays and the result
 * gets a warning.
 */
export async function attestSession(
  notes: Notes,
  { result, bundle, commit }: SealedSession,
  signer: Signer,
): Promise<SessionResult> {
  if (result.final === null) return result
  try {
    await attest(notes, bundle, commit, 'prover', signer)
    const { mode, keyid, fingerprint } = signer
    return { ...result, attestation: { role: 'prover', mode, keyid, fingerprint } }
  } catch (error) {
    if (!(error instanceof PpError)) throw error
    const warning = `the proof is not signed: ${error.message}; git pp attest ${result.session} can sign it later`
    return { ...result, attestation: null, warnings: [...result.warnings, warning] }
  }
}

/**
 * Adds one line to the attestations of the commit; adding the same line again changes nothing. `signer` null: the statement
 * without a signature.
 */
export async function attest(
  notes: Notes,
  bundle: Bundle,
  commit: Oid,
  role: SignerRole,
  signer: Signer | null,
): Promise<string> {
  const repro = reproOf(bundle)
  const statement = statementOf(bundle, repro, commit, role)
  const signature = signer ? { keyid: signer.keyid, bytes: await signer.sign(signedMessageOf(statement)) } : null
  const line = encodeEnvelope(statement, signature)
  await notes.append(notesRef('attestations', repro.base.snapshot), commit, line)
  return line
}

/** The lines of attestations on a commit that are about one session. */
export async function attestationsOf(ports: NotesReader, commit: Oid, session: string): Promise<string[]> {
  const lines = await noteLinesOn(ports, 'attestations', commit)
  return lines.filter((line) => isAbout(line, session))
}

export function isAbout(line: string, session: string): boolean {
  const opened = openEnvelope(line)
  return opened.is === 'statement' && opened.statement.predicate.session === session
}
