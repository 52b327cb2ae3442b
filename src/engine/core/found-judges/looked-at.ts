import type { Target } from '../../model/command.ts'
import { isShell, onlyReadsFiles } from './interpreter-rules.ts'
import { readingOf, simplesOf } from './named-by-command.ts'
import { bounded, trackedFileLookup } from './tracked-files.ts'

/** What neither looks at anything nor runs anything. */
const WAITS = /^(?:sleep|wait|:|)$/

/**
 * The tracked files that commands look at which run nothing else (`grep -q good notes.txt`): what is looked for is in the words
 * of the command, so these files are what is tested. A file beside a program that is run may be what its output is compared
 * with.
 */
export function lookedAtByCommand(targets: readonly Target[], paths: readonly string[]): ReadonlySet<string> {
  const tracked = bounded(trackedFileLookup(paths))
  const found = targets.flatMap((target) => {
    const { simples } = readingOf(simplesOf(target), tracked, target.cwd)
    const programs = simples.filter(({ words: [first = ''] }) => !WAITS.test(first) && !isShell(first))
    if (!programs.every(({ words: [first = ''] }) => onlyReadsFiles(first))) return []
    return programs.flatMap(({ words, inputs, dir }) =>
      [...words.slice(1), ...inputs].flatMap((word) => tracked.find(word, { cwd: target.cwd, dir })),
    )
  })
  return new Set(found)
}
