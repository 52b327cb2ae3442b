import { PpError } from '../../model/error.ts'
import type { PathRule } from '../../model/policy.ts'
import type { PolicyFile } from '../../model/policy-file.ts'
import { matchesGlob } from './glob-match.ts'
import { foldPath, type GlobPattern, readGlob } from './glob-pattern.ts'

/*
 * The globs of a policy: `*` and `?` stay inside a component, `**` as a component is any depth (none included), `[abc]`
 * and `[!abc]`, `{a,b}` without nesting, `\` before one of these takes its meaning away. Leading dots are nothing special.
 * All else is literal: quotes, parentheses, `|`, `+`, `@(…)`, `{1..3}`. `[id]` matches the text "[id]" too. A trailing '/'
 * means everything below.
 */

/**
 * The first rule that matches a path (from the top of the work tree), or null. Throws TREE_TOO_LARGE if many patterns on many
 * long paths take too many steps.
 */
export type PathMatcher = (path: string) => PathRule | null

/** For allow-lists: case counts, a rule matches whole paths. A pattern that cannot be read matches nothing. */
export function allowMatcher(rules: readonly PathRule[]): PathMatcher {
  return matcher(
    rules.map((rule) => ({ rule, root: partsOf(rule.root), glob: readGlob(rule.pattern, false) ?? [] })),
    (path) => path,
  )
}

/**
 * For deny-lists: case and Unicode composition do not count (some file systems ignore them), and a rule that matches a
 * directory also matches everything below it. A pattern that cannot be read matches everything.
 */
export function denyMatcher(rules: readonly PathRule[]): PathMatcher {
  return matcher(
    rules.map((rule) => ({
      rule,
      root: partsOf(foldPath(rule.root)),
      glob: readGlob(rule.pattern, true) ?? EVERYTHING,
    })),
    foldPath,
  )
}

interface ReadRule {
  readonly rule: PathRule
  readonly root: readonly string[]
  readonly glob: GlobPattern
}

const EVERYTHING: GlobPattern = [[{ is: 'star' }]]

function matcher(rules: readonly ReadRule[], spelled: (path: string) => string): PathMatcher {
  const spend = stepCounter()
  const known = new Map<string, PathRule | null>()
  return (path) => {
    const before = known.get(path)
    if (before !== undefined) return before
    const parts = partsOf(spelled(path))
    const found = rules.find(({ root, glob }) => {
      if (root.length === 0) return matchesGlob(glob, parts, spend)
      const below = parts.length > root.length && root.every((part, at) => parts[at] === part)
      return below && matchesGlob(glob, parts.slice(root.length), spend)
    })
    const rule = found?.rule ?? null
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(path, rule)
    return rule
  }
}

function partsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('/')
}

/** The same paths are asked again in each run of a session; so many answers are kept. */
const MOST_KNOWN = 200_000

/**
 * How many comparisons the patterns of one list may take on all paths together: about 100,000 files times 60 patterns, and less
 * than a second of work.
 */
export const MOST_STEPS = 60_000_000

function stepCounter(): (steps: number) => void {
  let left = MOST_STEPS
  return (steps) => {
    left -= steps
    if (left >= 0) return
    throw new PpError(
      'TREE_TOO_LARGE',
      `a list of patterns takes more than ${MOST_STEPS} steps on the paths of this tree; use fewer patterns, or fewer "*" in them`,
    )
  }
}

/** Whether a rule names exactly this path, character by character, without wildcards. */
export function namedLiterally(rules: readonly PathRule[], path: string): boolean {
  return rules.some((rule) => rule.pattern.replace(/^(?:\.\/)+/, '') === under(rule.root, path))
}

/** The globs of a policy file that cannot be read, by key. */
export function globProblems(file: PolicyFile): { readonly key: string; readonly text: string }[] {
  const lists = {
    'policy.write_allowlist': file.policy?.write_allowlist,
    'policy.deny_write': file.policy?.deny_write,
    'policy.tests.patterns': file.policy?.tests?.patterns,
    'policy.tests.allow': file.policy?.tests?.allow,
  }
  return Object.entries(lists).flatMap(([key, globs]) =>
    (globs ?? []).flatMap((glob, n) => {
      const text = globProblem(glob)
      return text === null ? [] : [{ key: `${key}.${n}`, text }]
    }),
  )
}

function globProblem(glob: string): string | null {
  if (/\\(?![*?[\]{}()!\\])/.test(glob)) return 'write "/" between directories in a pattern, not "\\"'
  return readGlob(glob, false) === null
    ? 'this pattern is not valid, or has more than 3 "*" in one name or more than 4 "**"'
    : null
}

/** The path relative to `root`, or null if it is outside. */
function under(root: string, path: string): string | null {
  if (root === '') return path
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null
}
