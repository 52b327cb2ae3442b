export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** One entry in a list of hooks; `path`: the keys that lead to the list. */
export interface HookEntry {
  readonly path: readonly [string, string]
  readonly entry: { readonly [key: string]: JsonValue }
}

/**
 * Entries in lists of hooks. `also`: a key of the whole file that comes with them, where the file has no hooks yet. `off`: keys that
 * lead to a value, and the value with which the agent runs no hooks at all.
 */
export interface JsonRegistration {
  readonly form: 'json'
  readonly hooks: readonly HookEntry[]
  readonly also?: { readonly key: string; readonly value: JsonValue }
  readonly off?: { readonly keys: readonly string[]; readonly value: JsonValue }
}

/** Keys of the whole file. `header`: the first line of a file that did not exist before. */
export interface YamlRegistration {
  readonly form: 'yaml'
  readonly header: string
  readonly pairs: readonly (readonly [string, string | boolean])[]
}

/** A file that is git pp's alone. */
export interface OwnRegistration {
  readonly form: 'own'
  readonly body: string
}

/** What the configuration file of an agent gets, so that the agent calls the gate. */
export type RegistrationContent = JsonRegistration | YamlRegistration | OwnRegistration

/** Why a file is not edited; `line` is 1-based. */
export interface RegistrationRefusal {
  readonly ok: false
  readonly line: number | null
  readonly reason: string
}

/** A file after an edit; `text` null: the file is to be absent. */
export type RegistrationEdit = { readonly ok: true; readonly text: string | null } | RegistrationRefusal

/** `edited`: git pp wrote it, and somebody changed it afterwards. */
export type RegistrationState = 'registered' | 'partly registered' | 'not registered' | 'edited'
