import type { TypedCommandLine } from '../../model/options.ts'

/** Options that are left out of the repeated line: they only say what to show, keep or sign, or name a place on this machine. */
const ASIDE =
  /^--(?:json|quiet|verbose|key|key-env|sign|attest|artifacts|apply|keep-worktrees|show-prompt)(?:=|$)|^--\S+?=(?:\/|~)/

/** The line that was typed, with more options, to be pasted into a shell. */
export function commandLineAgain(
  kind: 'run' | 'prove',
  { options, words, argv }: TypedCommandLine,
  more: readonly string[],
): string {
  const kept = options.filter((option) => !ASIDE.test(option))
  const all = ['git', 'pp', kind, ...kept, ...words, ...more, ...(argv === null ? [] : ['--', ...argv])]
  return all.map(quoted).join(' ')
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./~^-]+$/.test(word)) return word
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`
}
