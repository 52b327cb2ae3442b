import type { Target } from '../../model/command.ts'
import { isCommandWrapper, isShell, onlyReadsFiles } from './interpreter-rules.ts'
import { readingOf, simplesOf } from './named-by-command.ts'
import { bounded, trackedFileLookup } from './tracked-files.ts'

/** What neither looks at anything nor runs anything. */
const NEUTRAL = /^(?:sleep|wait|:|set|unset|shift|read|umask|ulimit|local|declare|typeset|readonly|)$/

/** Programs that start another one, with nothing of their own that could decide. */
const WRAPPERS = /^(?:env|timeout|nice|ionice|nohup|time|stdbuf|setsid|exec|command|builtin)$/

/**
 * The tracked files that commands look at which run nothing else (`grep -q good notes.txt`): what is looked for is in the words
 * of the command, so these files are what is tested. A file beside a program that is run may be what its output is compared
 * with.
 */
export function lookedAtByCommand(targets: readonly Target[], paths: readonly string[]): ReadonlySet<string> {
  const tracked = bounded(trackedFileLookup(paths))
  const found = targets.flatMap((target) => {
    const { simples } = readingOf(simplesOf(target), tracked, target.cwd)
    const commands = simples.map((simple) => ({ ...simple, words: withoutWrappers(simple.words) }))
    if (!commands.every(({ words: [first = ''] }) => NEUTRAL.test(first) || isShell(first) || onlyReadsFiles(first)))
      return []
    return commands.flatMap(({ words: [first = '', ...operands], inputs, dir }) =>
      [...(isShell(first) ? [] : operands), ...inputs].flatMap((word) => tracked.find(word, { cwd: target.cwd, dir })),
    )
  })
  return new Set(found)
}

/** `timeout 5 grep x` → `grep x`; nothing is left of `env` alone. What runs scripts of a package is no such program. */
function withoutWrappers(words: readonly string[]): readonly string[] {
  if (!WRAPPERS.test(words[0] ?? '')) return words
  const at = words.findIndex((word, nth) => !isCommandWrapper(word, nth))
  return at === -1 ? [] : words.slice(at)
}
