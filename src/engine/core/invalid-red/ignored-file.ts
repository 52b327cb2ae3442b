import { CHECKOUT } from '../redact/index.ts'
import type { InvalidReason, RunConditions } from './run-conditions.ts'

/** How programs say that something they name does not exist. */
const ABSENT =
  /\b(?:No such file|not found|no matching files|No module named|ENOENT|does ?n[o']t exist|cannot import name|Can't resolve|Failed to (?:resolve|load|open)|missing)\b|\b(?:cannot|can't|couldn't|could not|unable to) (?:be )?(?:find|found|open|read|resolve|load|stat)/i
const NAME = /[\w@+~.*/-]*\w[\w@+~.*/-]*/g
const MOST_NAMES = 400
/** Longer lines are not sentences, and a pattern that backtracks would take too long on them. */
const LONGEST_LINE = 1000

/**
 * Finds a file that is missing because git ignores it, although it exists in the user's checkout: generated sources, local
 * settings. Every name in a line that says that something is missing is tried, relative to the directory of the command, to
 * the top, and to the files that the same text names.
 */
export function ignoredFile(text: string, { ignored, cwd }: RunConditions): InvalidReason | null {
  const lines = text.split('\n').map((line) => line.slice(0, LONGEST_LINE))
  const beside = namesIn(lines)
    .map((name) => name.replace(/[^/]*$/, ''))
    .filter((folder) => folder !== '')
  const folders = [...new Set(['', ...(cwd === '' ? [] : [`${cwd}/`]), ...beside])]
  for (const name of namesIn(lines.filter((line) => ABSENT.test(line)))) {
    const found = spellings(name, folders)
      .map(ignored)
      .find((path) => path !== null)
    if (found)
      return {
        reason: `${found} exists here but is ignored by git, so the command does not see it`,
        mend: `add --include ${found}`,
      }
  }
  return null
}

/** Words that look like names of files or modules, relative to the top of the checkout. */
function namesIn(lines: readonly string[]): readonly string[] {
  const names = new Set<string>()
  for (const line of lines)
    for (const [word] of line.matchAll(NAME)) {
      if (names.size === MOST_NAMES) return [...names]
      const own = word.startsWith(`${CHECKOUT}/`) ? word.slice(CHECKOUT.length + 1) : word
      const plain = own
        .replace(/^(?:\.\/)+/, '')
        .replace(/[.:]+$/, '')
        .replace(/\/?\*.*$/, '')
      if (plain.length > 1 && !plain.startsWith('/')) names.add(plain)
    }
  return [...names]
}

/** The name as a path, and as a dotted module, below each folder. */
function spellings(name: string, folders: readonly string[]): readonly string[] {
  const dotted = /^[A-Za-z_][\w.]*$/.test(name) && name.includes('.') ? [name.replaceAll('.', '/')] : []
  return folders.flatMap((folder) => [name, ...dotted].map((path) => resolved(folder + path)))
}

function resolved(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}
