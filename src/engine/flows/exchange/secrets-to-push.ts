import { openEnvelope } from '../../core/attest/index.ts'
import { findSecrets } from '../../core/redact/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { PushResult } from '../../model/options.ts'
import type { Remotes, RemoteUpdate } from '../../ports/remote.ts'
import type { FoundProof } from '../store/index.ts'

type SecretsToPush = PushResult['secrets']

/**
 * Finds text that looks like a secret in everything that is about to be pushed: files and messages of new commits, bundles,
 * statements.
 */
export async function findSecretsToPush(
  remotes: Remotes,
  proofs: readonly FoundProof[],
  lines: readonly Map<Oid, Set<string>>[],
  updates: readonly RemoteUpdate[],
  have: readonly Oid[],
): Promise<SecretsToPush> {
  const secrets: { rule: string; path: string }[] = []
  const look = (bytes: Uint8Array, path: string) => {
    const rules = new Set(findSecrets(bytes).map(({ rule }) => rule))
    for (const rule of rules) secrets.push({ rule, path })
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
