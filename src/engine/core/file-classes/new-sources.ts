import { languageOf, productDirectories } from './product-directories.ts'

/** The texts of files with the change, by path; only of those that may name others. */
export type ChangedTexts = ReadonlyMap<string, string>

/** Names that stand for the directory of a file. */
const OF_DIRECTORY = /^(?:__init__|__main__|index|main|mod|lib|package|doc)$/

/**
 * The added source files that count as product: they lie where product lies, and a changed product file, or another of them,
 * names them. `product`: the source files that the run of the base read; `texts`: changed product and the added files, as
 * they are with the change.
 */
export function newSources(
  added: readonly string[],
  product: readonly string[],
  texts: ChangedTexts,
): ReadonlySet<string> {
  const isNear = productDirectories(product)
  const open = new Set(added.filter((path) => languageOf(path) !== null && isNear(path)))
  const found = new Set<string>()
  const readers = [...texts].filter(([path]) => !added.includes(path)).map(([, text]) => text)
  for (const text of readers)
    for (const path of open)
      if (names(text, path)) {
        open.delete(path)
        found.add(path)
        readers.push(texts.get(path) ?? '')
      }
  return found
}

/** Whether a text holds the name by which source imports a file. In Go a directory is one package, so nothing names its files. */
function names(text: string, path: string): boolean {
  const parts = path.split('/')
  const stem = (parts.pop() ?? '').replace(/\.\w+$/, '')
  const name = OF_DIRECTORY.test(stem) ? (parts.pop() ?? stem) : stem
  const word = name.replaceAll(/[^\w]/g, '\\$&')
  return languageOf(path) === 'go' || new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text)
}
