import type { Language } from './language.ts'
import { languages } from './languages/index.generated.ts'

const BY_EXTENSION = new Map(languages.flatMap((one) => one.extensions.map((extension) => [extension, one])))

/** The language of a file by its name; null if it is not known. */
export function languageOf(path: string): Language | null {
  return BY_EXTENSION.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase()) ?? null
}
