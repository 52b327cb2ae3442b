import type { Target } from '../../model/command.ts'
import { onlyReadsFiles } from './interpreter-rules.ts'
import { readingOf, simplesOf } from './named-by-command.ts'
import { bounded, trackedFileLookup } from './tracked-files.ts'

/**
 * The tracked files that the commands themselves look at (`grep -q good notes.txt`, `test -f x`): what they look for is in the
 * words of the command, so these files are what is tested.
 */
export function lookedAtByCommand(targets: readonly Target[], paths: readonly string[]): ReadonlySet<string> {
  const tracked = bounded(trackedFileLookup(paths))
  const found = targets.flatMap((target) =>
    readingOf(simplesOf(target), tracked, target.cwd).simples.flatMap(
      ({ words: [first = '', ...words], inputs, dir }) =>
        onlyReadsFiles(first)
          ? [...words, ...inputs].flatMap((word) => tracked.find(word, { cwd: target.cwd, dir }))
          : [],
    ),
  )
  return new Set(found)
}
