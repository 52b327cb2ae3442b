import { languageOf, productDirectories } from './product-directories.ts'

/** The texts of files with the change, by path; only of those that may name others. */
export type ChangedTexts = ReadonlyMap<string, string>

/** What interpreters and compilers say about something that is not there. */
const TELLS_MISSING =
  /\bno (?:such|module|required module|package)\b|\b(?:not|cannot|can't|could not|couldn't|unable to|failed to) (?:be )?(?:found?|find|resolve|open|load|import|locate)\b|\b(?:unresolved|undefined|undeclared|missing|unknown)\b|does not (?:exist|provide)|is not in std/i

/** Names that stand for the directory of a file. */
const OF_DIRECTORY = /^(?:__init__|__main__|index|main|mod|lib|package|doc)$/

/**
 * The added source files that count as product: the output of the red run names them, because they were missing; or they lie
 * where product lies, and a changed product file, or another added one, names them. `product`: the source files that the run
 * of the base read; `texts`: changed product and the added files, as they are with the change.
 */
export function newSources(
  added: readonly string[],
  product: readonly string[],
  texts: ChangedTexts,
  redOutput: string,
): ReadonlySet<string> {
  const isNear = productDirectories(product)
  const sources = added.filter((path) => languageOf(path) !== null)
  const found = new Set(missingAmong(sources, redOutput))
  const open = new Set(sources.filter((path) => isNear(path) && !found.has(path)))
  const readers = [...texts].filter(([path]) => !added.includes(path) || found.has(path)).map(([, text]) => text)
  for (const text of readers)
    for (const path of open)
      if (names(text, path)) {
        open.delete(path)
        found.add(path)
        readers.push(texts.get(path) ?? '')
      }
  return found
}

/** Those of these files that an output says are missing. */
export function missingAmong(paths: readonly string[], redOutput: string): ReadonlySet<string> {
  const missing = redOutput
    .split('\n')
    .filter((line) => TELLS_MISSING.test(line))
    .join('\n')
  return new Set(paths.filter((path) => holdsName(missing, path)))
}

/** In Go a directory is one package, so nothing names its files. */
function names(text: string, path: string): boolean {
  return languageOf(path) === 'go' || holdsName(text, path)
}

/** Whether a text holds the name by which source imports a file. */
function holdsName(text: string, path: string): boolean {
  const parts = path.split('/')
  const stem = (parts.pop() ?? '').replace(/\.\w+$/, '')
  const name = OF_DIRECTORY.test(stem) ? (parts.pop() ?? stem) : stem
  const word = name.replaceAll(/[^\w]/g, '\\$&')
  return new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text)
}
