import type {
  RegistrationContent,
  RegistrationEdit,
  RegistrationRefusal,
  RegistrationState,
} from '../../model/agent-registration.ts'
import { strictUtf8, utf8Bytes } from '../bytes/index.ts'
import { addToJson, removeFromJson, stateInJson, switchOffIn } from './json-file.ts'
import { addOwn, removeOwn, stateOfOwn } from './own-file.ts'
import { addToYaml, removeFromYaml, stateInYaml } from './yaml-file.ts'

/** A file after an edit, in bytes; null: it is to be absent. */
export type EditedBytes = { readonly ok: true; readonly bytes: Uint8Array | null } | RegistrationRefusal

const NOT_UTF8: RegistrationRefusal = { ok: false, line: null, reason: 'this file is not UTF-8' }

/**
 * The file with the registration. What stood there stays byte for byte; `withoutRegistration` gives it back. A file in which
 * that would not hold is refused.
 */
export function withRegistration(content: RegistrationContent, bytes: Uint8Array | null): EditedBytes {
  const added = edited(bytes, formOf(content).add)
  if (!added.ok || stateOf(content, bytes) !== 'not registered') return added
  const back = withoutRegistration(content, added.bytes)
  if (back.ok && sameBytes(back.bytes, bytes)) return added
  return { ok: false, line: null, reason: 'this file cannot be edited so that removing gives its bytes back' }
}

export function withoutRegistration(content: RegistrationContent, bytes: Uint8Array | null): EditedBytes {
  return edited(bytes, formOf(content).remove)
}

export function stateOf(
  content: RegistrationContent,
  bytes: Uint8Array | null,
): RegistrationState | RegistrationRefusal {
  const text = bytes === null ? null : strictUtf8(bytes)
  return bytes !== null && text === null ? NOT_UTF8 : formOf(content).state(text)
}

/** The setting in the file with which the agent runs no hooks; null: there is none. */
export function switchOff(content: RegistrationContent, bytes: Uint8Array | null): string | null {
  return content.form === 'json' && bytes !== null ? switchOffIn(content, strictUtf8(bytes)) : null
}

/** How the file of an agent is edited; null stands for no file. */
interface FileForm {
  readonly add: (text: string | null) => RegistrationEdit
  readonly remove: (text: string | null) => RegistrationEdit
  readonly state: (text: string | null) => RegistrationState | RegistrationRefusal
}

function formOf(content: RegistrationContent): FileForm {
  switch (content.form) {
    case 'json':
      return {
        add: (text) => addToJson(content, text),
        remove: (text) => removeFromJson(content, text),
        state: (text) => stateInJson(content, text),
      }
    case 'yaml':
      return {
        add: (text) => addToYaml(content, text),
        remove: (text) => removeFromYaml(content, text),
        state: (text) => stateInYaml(content, text),
      }
    case 'own':
      return {
        add: (text) => addOwn(content, text),
        remove: removeOwn,
        state: (text) => stateOfOwn(content, text),
      }
  }
}

function edited(bytes: Uint8Array | null, edit: (text: string | null) => RegistrationEdit): EditedBytes {
  const text = bytes === null ? null : strictUtf8(bytes)
  if (bytes !== null && text === null) return NOT_UTF8
  const made = edit(text)
  return made.ok ? { ok: true, bytes: made.text === null ? null : utf8Bytes(made.text) } : made
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}
