import type { OwnRegistration, RegistrationEdit, RegistrationState } from '../../model/agent-registration.ts'
import { sha256, utf8Bytes } from '../bytes/index.ts'

/** The first line holds a digest of the others, so that an unchanged file of another version is known, too. */
const FIRST = /^\/\/ Written by git pp init; sha256 of what follows: ([0-9a-f]{64})\n/
const fileOf = ({ body }: OwnRegistration) =>
  `// Written by git pp init; sha256 of what follows: ${sha256(utf8Bytes(body))}\n${body}`

export function addOwn(content: OwnRegistration, text: string | null): RegistrationEdit {
  if (text === null || isUnchanged(text)) return { ok: true, text: fileOf(content) }
  return { ok: false, line: null, reason: 'this file is not as git pp writes it; move it away first' }
}

export function removeOwn(text: string | null): RegistrationEdit {
  if (text === null || isUnchanged(text)) return { ok: true, text: null }
  return { ok: false, line: null, reason: 'this file was changed since git pp wrote it; remove it by hand' }
}

export function stateOfOwn(content: OwnRegistration, text: string | null): RegistrationState {
  if (text === null) return 'not registered'
  return text === fileOf(content) ? 'registered' : 'edited'
}

function isUnchanged(text: string): boolean {
  const [line, digest] = FIRST.exec(text) ?? []
  return line !== undefined && sha256(utf8Bytes(text.slice(line.length))) === digest
}
