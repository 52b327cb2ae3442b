import type { DeclaredOption, DeclaredVerb } from '../../src/commands/completion/declared.ts'

/** An option and the verbs that have it in the same words. */
export interface SharedOption extends DeclaredOption {
  readonly of: readonly string[]
}

/** Every option once, those of more verbs first, in the order of the verbs. */
export function sharedOptions(verbs: readonly DeclaredVerb[]): readonly SharedOption[] {
  const shared = new Map<string, SharedOption>()
  for (const { name, options } of verbs)
    for (const option of options) {
      const key = JSON.stringify(option)
      shared.set(key, { ...option, of: [...(shared.get(key)?.of ?? []), name] })
    }
  return [...shared.values()].sort((a, b) => b.of.length - a.of.length)
}

/** The summary and the details as sentences. */
export function sentences({ summary, details, default: standard }: DeclaredOption): readonly string[] {
  const first = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
  const fallback = standard === null ? [] : [`Default: ${standard}.`]
  return [first, ...(details === null ? [] : [details]), ...fallback]
}

/** Who has an option, in words. */
export function owners(of: readonly string[], all: number): string {
  if (of.length === all) return 'every verb'
  return of.length < 2 ? of.join('') : `${of.slice(0, -1).join(', ')} and ${of.at(-1)}`
}
