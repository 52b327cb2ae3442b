import { openEnvelope } from '../../core/attest/index.ts'
import { maskedText } from '../../core/redact/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { PushResult } from '../../model/options.ts'
import type { SessionSecrets } from '../../model/redactor.ts'
import type { Remotes, RemoteUpdate } from '../../ports/remote.ts'
import type { SessionBase } from '../session/index.ts'
import type { FoundProof } from '../store/index.ts'

type SecretsToPush = PushResult['secrets']

/** What the search needs. `secretsOf`: what is known of secrets for proofs with these bases. */
export interface PushSearch {
  readonly remotes: Remotes
  readonly secretsOf: (bases: readonly SessionBase[]) => Promise<SessionSecrets>
}

/**
 * Finds known values and text that looks like a secret in everything that is about to be pushed: files, their names and messages
 * of new commits, bundles, statements.
 */
export async function findSecretsToPush(
  { remotes, secretsOf }: PushSearch,
  proofs: readonly FoundProof[],
  lines: readonly Map<Oid, Set<string>>[],
  updates: readonly RemoteUpdate[],
  have: readonly Oid[],
): Promise<SecretsToPush> {
  const known = await secretsOf(proofs.map(({ repro }) => repro.base))
  const secrets: { rule: string; path: string }[] = []
  const look = (bytes: Uint8Array, path: string) => {
    const found = [...known.find(bytes), ...known.find(new TextEncoder().encode(path))]
    const rules = new Set(found.map(({ is, name }) => (is === 'value' ? `value of ${name}` : name)))
    for (const rule of rules) secrets.push({ rule, path: maskedText(known, path) })
  }
  for (const { bundle, repro } of proofs)
    for (const [file, bytes] of bundle.files) look(bytes, `${file} of session ${repro.session}`)
  for (const [commit, ofCommit] of lines.flatMap((one) => [...one])) {
    for (const line of ofCommit) {
      const opened = openEnvelope(line)
      if (opened.is === 'statement') look(opened.message, `an attestation of ${commit}`)
    }
  }
  const tips = updates.flatMap(({ to }) => to ?? [])
  for (const object of tips.length === 0 ? [] : await remotes.between(tips, have)) {
    const path = object.path ?? `the message of ${object.oid}`
    const bytes = await remotes.read(object)
    if (bytes === null) secrets.push({ rule: 'too-large-to-look-through', path })
    else look(bytes, path)
  }
  return secrets
}
