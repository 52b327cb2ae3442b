import { CHECKOUT } from '../redact/index.ts'
import type { InvalidReason, RunConditions } from './run-conditions.ts'

/** How programs say that something which they name is not there. */
const ABSENT =
  /\b(?:No such file|not found|no matching files|No module named|ENOENT|does ?n[o']t exist|cannot import name|Can't resolve|Failed to (?:resolve|load|open)|missing)\b|\b(?:cannot|can't|couldn't|could not|unable to) (?:be )?(?:find|found|open|read|resolve|load|stat)/i
const NAME = /[\w@+~.*/-]*\w[\w@+~.*/-]*/g
const MOST_NAMES = 400
/** Longer lines are no sentences; a pattern that goes back would take too long on them. */
const LONGEST_LINE = 1000

/**
 * A file that is lacking here because git ignores it, while it stands in the user's checkout: generated sources, local settings.
 * Any name of a line that says that something is not there is tried, from where the command started, from the top, and from
 * beside the files that the same text names.
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

/** What looks like a name of a file or a module, seen from the top of the checkout. */
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
