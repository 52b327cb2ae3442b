import type { Entry, VerbClass } from '../verb.ts'

/** An option as its verb declares it. */
export interface DeclaredOption {
  readonly long: string
  readonly short: string | null
  /** The placeholder for its value in help, such as FILE; null: it takes no value. */
  readonly value: string | null
  /** The possible words for its value, if they are known. */
  readonly values: readonly string[]
  /** One line, as in help. */
  readonly summary: string
  /** Sentences that are only in the manual page and the reference. */
  readonly details: string | null
  readonly default: string | null
}

/** A verb as its class declares it. */
export interface DeclaredVerb {
  readonly name: string
  readonly summary: string
  /** Paragraphs, as help prints them. */
  readonly description: readonly string[]
  readonly usage: readonly string[]
  readonly examples: readonly string[]
  /** The names of its words, such as PROOF. */
  readonly words: readonly string[]
  readonly options: readonly DeclaredOption[]
}

/** Every verb that is shown; the options of each verb come last. */
export async function declaredVerbs(verbs: ReadonlyMap<string, Entry>): Promise<readonly DeclaredVerb[]> {
  const shown = [...verbs].filter(([, { hidden }]) => !hidden)
  return Promise.all(shown.map(async ([name, { summary, load }]) => ({ name, summary, ...(await declared(load)) })))
}

async function declared(load: Entry['load']) {
  const { default: Class } = await load()
  const { baseFlags, flags, description, usage, examples, words } = Class
  const all = Object.entries({ ...flags, ...baseFlags }).filter(([, { hidden }]) => !hidden)
  return {
    description: (description ?? '').split('\n'),
    usage: [usage ?? []].flat(),
    examples: (examples ?? []).map(String),
    words: Object.keys(words.about),
    options: all.map(([long, flag]) => option(long, flag)),
  }
}

function option(long: string, flag: VerbClass['flags'][string]): DeclaredOption {
  const about = { long, short: flag.char ?? null, summary: flag.summary ?? flag.description ?? '' }
  const details = flag.summary === undefined ? null : (flag.description ?? null)
  if (flag.type === 'boolean') return { ...about, details, value: null, values: [], default: null }
  const value = [flag.helpValue ?? long.toUpperCase()].flat().join(' ')
  const values = flag.options ?? value.split('|').filter((word) => /^[a-z][a-z0-9-]*$/.test(word))
  const standard = typeof flag.default === 'string' ? flag.default : null
  return { ...about, details, value, values, default: standard }
}
