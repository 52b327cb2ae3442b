import picomatch from 'picomatch'
import type { PathRule } from '../../model/policy.ts'
import type { PolicyFile } from '../../model/policy-file.ts'
import { parentsOf } from './parents.ts'

/*
 * The globs of a policy: `*` and `?` stay inside a component, `**` as a component is any depth (none included), `[abc]`
 * and `[!abc]`, `{a,b}` without nesting, `\` before one of these takes its meaning away. Leading dots are nothing special.
 * All else is literal: quotes, parentheses, `|`, `+`, `@(…)`, `{1..3}`. `[id]` matches the text "[id]" too. A trailing '/'
 * means everything below.
 */

/** The first rule that matches a path (from the top of the work tree), or null. */
export type PathMatcher = (path: string) => PathRule | null

/** For allow-lists: case counts, a rule matches whole paths. A pattern that cannot be read matches nothing. */
export function allowMatcher(rules: readonly PathRule[]): PathMatcher {
  const compiled = rules.map((rule) => ({ rule, tests: compile(rule.pattern, false) ?? [] }))
  return (path) => compiled.find(({ rule, tests }) => matches(tests, under(rule.root, path)))?.rule ?? null
}

/**
 * For deny-lists: case and Unicode composition do not count (some file systems ignore them), and a rule that matches a
 * directory also matches everything below it. A pattern that cannot be read matches everything.
 */
export function denyMatcher(rules: readonly PathRule[]): PathMatcher {
  const compiled = rules.map((rule) => ({ rule, tests: compile(rule.pattern.normalize('NFC'), true) ?? [/^/] }))
  return (path) =>
    compiled.find(({ rule, tests }) => {
      const inside = under(fold(rule.root), fold(path))
      return inside !== null && withParents(inside).some((one) => matches(tests, one))
    })?.rule ?? null
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
  return compile(glob, false) === null
    ? 'this pattern is not valid, or has more than 3 "*" in one name or more than 4 "**"'
    : null
}

const fold = (path: string) => path.normalize('NFC').toLowerCase()

function matches(tests: readonly RegExp[], path: string | null): boolean {
  return path !== null && tests.some((test) => test.test(path))
}

/** The path relative to `root`, or null if it is outside. */
function under(root: string, path: string): string | null {
  if (root === '') return path
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null
}

/** 'a/b/c' → 'a/b/c', 'a/b', 'a'. */
function withParents(path: string): readonly string[] {
  return [path, ...parentsOf(path).toReversed()]
}

function compile(glob: string, deny: boolean): RegExp[] | null {
  const whole = glob.endsWith('/') ? `${glob}**` : glob
  const tidy = whole
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  const options = { dot: true, nonegate: true, noextglob: true, nobrace: true, strictSlashes: !deny, nocase: deny }
  try {
    // debug: an expression that cannot be built throws; without it picomatch silently matches nothing.
    return braces(tidy)
      .map(bounded)
      .map((one) => picomatch.makeRe(sober(one), { ...options, windows: false, debug: true }))
  } catch {
    return null
  }
}

/** Rejects globs with too many wildcards: their expressions can take minutes on a long path. */
function bounded(glob: string): string {
  const parts = glob.split('/')
  const stars = (part: string) => part.match(/\*+/g)?.length ?? 0
  if (parts.some((part) => stars(part) > 3) || parts.filter((part) => part === '**').length > 4)
    throw new RangeError('too many wildcards')
  return glob
}

/** 'a.{b,c}' → 'a.b', 'a.c'. At most 256. */
function braces(glob: string): string[] {
  const found = /^((?:\\.|[^\\{])*)\{((?:\\.|[^\\{}])*)\}(.*)$/s.exec(glob)
  if (!found) return [glob]
  const [, before = '', inner = '', after = ''] = found
  const words = inner.split(/(?<!\\),/)
  const heads = words.length === 1 ? [`${before}\\{${inner}\\}`] : words.map((word) => before + word)
  const all = braces(after).flatMap((tail) => heads.map((head) => head + tail))
  if (all.length > 256) throw new RangeError('too many alternatives')
  return all
}

/** Leaves only our own wildcards for picomatch: classes use `^`, and every other special character gets a backslash. */
function sober(glob: string): string {
  return glob.replace(
    /\\(.)|\[([!^]?)([^\]/]+)\]|[*?]+|[\p{L}\p{N}\p{M}_/. -]+|./gsu,
    (all: string, escaped?: string, not?: string, set?: string) => {
      if (escaped !== undefined) return `\\${escaped}`
      if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\[^]/g, '\\$&')}]`
      return /^[*?\p{L}\p{N}\p{M}_/. -]/u.test(all) ? all : `\\${all}`
    },
  )
}
