import { type AskedCode, askedNames } from '../../core/context/index.ts'
import type { Syntax } from '../../ports/syntax.ts'
import { scanProduct } from './scan-product.ts'
import type { VisibleFiles } from './visible-files.ts'

/** How many files one answer gets to see. */
const MOST = 5

/**
 * What an answer without a patch asks to see: files, lines of files, and functions by name. Only files that the first request
 * might have shown are read; what else it names is not available, whatever the reason is.
 */
export async function askedFiles(
  { syntax }: { readonly syntax: Syntax },
  files: VisibleFiles,
  answer: string,
): Promise<AskedCode> {
  const asked = askedNames(answer, files.paths)
  const texts = new Map<string, string>()
  const missing = [...asked.missing]
  const places: AskedCode['places'][number][] = []
  for (const { path, line } of asked.places) {
    if (texts.size >= MOST && !texts.has(path)) break
    const text = texts.get(path) ?? (await files.text(path))
    if (text === null) missing.push(path)
    else {
      texts.set(path, text)
      places.push({ path, line, slice: null })
    }
  }
  const names = new Set(asked.names)
  const { defining } = names.size === 0 ? { defining: [] } : await scanProduct(files, files.paths, names, 0)
  for (const path of defining) {
    if (texts.size >= MOST && !texts.has(path)) break
    const text = texts.get(path) ?? (await files.text(path))
    const slices = text === null ? [] : ((await syntax.functions(path, text)) ?? [])
    const found = slices.filter(({ name }) => names.has(name.slice(name.lastIndexOf('.') + 1)))
    if (text === null || found.length === 0) continue
    texts.set(path, text)
    places.push(...found.map((slice) => ({ path, line: null, slice })))
  }
  return { places, texts, missing: missing.slice(0, MOST) }
}
