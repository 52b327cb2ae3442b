import { commandLineAgain } from '../../core/advice/index.ts'
import { type BundleFileContent, writeJson } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { parseJson, utf8Bytes } from '../../core/bytes/index.ts'
import type { StringMasker } from '../../core/redact/index.ts'
import { PpError } from '../../model/error.ts'
import type { SessionResult } from '../../model/session.ts'
import type { Session } from './session.ts'

/**
 * The files of a record with the secrets in their strings masked. Output was masked when it was captured. The policy and the
 * patches stay as they are, because verifiers compare them byte by byte; `refuseKnownValues` looks through them.
 */
export function maskedRecord(
  masker: StringMasker,
  record: ReadonlyMap<string, BundleFileContent>,
): Map<string, BundleFileContent> {
  const masked = new Map(record)
  for (const [path, content] of record) {
    if (!(content instanceof Uint8Array) || path === FILES.policy) continue
    if (path.endsWith('.json')) writeMasked(masker, masked, path, content)
    else if (path.endsWith('.txt')) masked.set(path, utf8Bytes(masker.text(new TextDecoder().decode(content))))
  }
  return masked
}

function writeMasked(
  masker: StringMasker,
  into: Map<string, BundleFileContent>,
  path: string,
  content: Uint8Array,
): void {
  const value = parseJson(new TextDecoder().decode(content))
  const safe = masker.all(value)
  if (safe !== value) writeJson(into, path, safe)
}

/** The answer with the secrets in its strings masked, except in commands and in the patch: changed, they would be other ones. */
export function maskedResult(masker: StringMasker, result: SessionResult): SessionResult {
  const { targets, patch } = result
  return { ...masker.all({ ...result, targets: [], patch: null }), targets, patch }
}

/** Throws SECRET_FOUND if the value of a variable stands in one of these files or in the name of one. */
export function refuseKnownValues(
  { redactor, kind, typed }: Pick<Session, 'redactor' | 'kind' | 'typed'>,
  files: ReadonlyMap<string, Uint8Array>,
): void {
  for (const [path, bytes] of files) {
    const found = [...redactor.find(utf8Bytes(path)), ...redactor.find(bytes)].find(({ is }) => is === 'value')
    if (!found) continue
    const { name } = found
    const place = new TextDecoder().decode(redactor.redact(utf8Bytes(path)).bytes)
    const message = `the record of this session would hold the value of the variable ${name} in ${place}, so nothing was kept`
    throw new PpError('SECRET_FOUND', message, { mend: withoutVariable(name, kind, typed) })
  }
}

function withoutVariable(name: string, kind: Session['kind'], typed: Session['typed']): string {
  const options = typed?.options.filter((option) => option !== `--env=${name}`) ?? []
  const again = typed === null || kind === 'replay' ? null : commandLineAgain(kind, { ...typed, options }, [])
  const line = again ?? `git pp ${kind} …`
  return `take this value out of the files, or run without the variable: env -u ${name} ${line}`
}
