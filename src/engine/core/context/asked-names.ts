/** What an answer without a patch speaks of, as far as it may be shown. */
export interface AskedNames {
  /** Visible files in the order of the answer; `line` null: the file as a whole. */
  readonly places: readonly { readonly path: string; readonly line: number | null }[]
  /** Words that look like paths of this project, and name nothing that may be shown. */
  readonly missing: readonly string[]
  /** Names of functions. */
  readonly names: readonly string[]
}

const PATH =
  /(?<![\w@.+~/-])(?:\.\/|[ab]\/(?=[\w@.+~-]+\/))?([\w@.+~-]+(?:\/[\w@.+~-]+)*\.[A-Za-z]\w{0,9})(?::(\d{1,7}))?(?![\w/])/g
const FUNCTION =
  /`([A-Za-z_$][\w$]*(?:\.[\w$]+)*)(?:\(\))?`|(?<![\w$.])([A-Za-z_$][\w$]*(?:\.[\w$]+)*)\(\)|\b(?:function|method|def|class)\s+([A-Za-z_$][\w$]*(?:\.[\w$]+)*)/g

/** In characters. An answer that is longer than this is no question. */
const MAX_ANSWER = 20_000

export function askedNames(answer: string, visible: readonly string[]): AskedNames {
  const text = answer.slice(0, MAX_ANSWER)
  const known = new Set(visible)
  const endings = new Set(visible.map(endingOf))
  const places = new Map<string, { path: string; line: number | null }>()
  const missing = new Set<string>()
  for (const [, word = '', line] of text.matchAll(PATH)) {
    const path = known.has(word) ? word : onlyEnd(visible, word)
    if (path !== null) places.set(`${path}:${line}`, { path, line: line === undefined ? null : Number(line) })
    else if (word.includes('/') || endings.has(endingOf(word))) missing.add(word.slice(0, 100))
  }
  const names = [...text.matchAll(FUNCTION)].map(([, marked, called, told]) => marked ?? called ?? told ?? '')
  return { places: [...places.values()], missing: [...missing], names: [...new Set(names.map(lastName))] }
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.'))
}

/** The only visible file with this end of a path; null if there is none, or several. */
function onlyEnd(visible: readonly string[], word: string): string | null {
  const ends = visible.filter((path) => path.endsWith(`/${word}`))
  return ends.length === 1 ? (ends[0] ?? null) : null
}
