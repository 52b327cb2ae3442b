import { type AddedSecret, addedSecrets } from '../../core/guard/index.ts'
import type { Change } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { FoundSecret, SecretSearch } from '../../model/redactor.ts'
import type { Objects } from '../../ports/repository.ts'

/** The rule of a refusal because of a secret. */
export const SECRET_RULE = 'secret'

/**
 * Why a change is refused because of secrets that it adds, one refusal for each secret and file. `blobs`: the contents that
 * the guard reads; files that the change removes are read only if a secret may have moved from there.
 */
export async function secretRefusals(
  objects: Pick<Objects, 'read'>,
  changes: readonly Change[],
  blobs: ReadonlyMap<Oid, Uint8Array>,
  secrets: SecretSearch,
): Promise<readonly Refusal[]> {
  if (addedSecrets(changes, blobs, secrets).length === 0) return []
  const all = new Map(blobs)
  for (const { before } of changes)
    if (before?.mode.startsWith('100') && !all.has(before.oid)) all.set(before.oid, await objects.read(before.oid))
  const messages = new Map(addedSecrets(changes, all, secrets).map((one) => [sentence(one), one.path]))
  return [...messages].map(([message, path]) => ({ rule: SECRET_RULE, path, message, source: null }))
}

/** The refusal if the message of a commit holds a secret. */
export function secretInMessage(message: string, secrets: SecretSearch): Refusal | null {
  const [found] = secrets.find(new TextEncoder().encode(message))
  if (!found) return null
  const text = `the message of the commit holds ${whatIs(found)}; write another message (git commit --amend)`
  return { rule: SECRET_RULE, path: null, message: text, source: null }
}

function sentence({ path, found }: AddedSecret): string {
  const where = path === null ? 'the change gives a file a name that holds' : `${path}: the change adds`
  return `${where} ${whatIs(found)}, and a secret in a commit cannot be masked; leave it out`
}

function whatIs({ is, name }: FoundSecret): string {
  return is === 'value' ? `the value of the variable ${name}` : `something that looks like a secret (${name})`
}
