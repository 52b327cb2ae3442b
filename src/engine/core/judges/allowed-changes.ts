import type { PathRule, PolicySource } from '../../model/policy.ts'
import type { AllowedJudge } from '../../model/session.ts'
import { allowMatcher } from '../paths/index.ts'

/** Who lets a judge be changed, by path; null: nobody. `names`: the files that judge by their name. */
export type JudgeChangePermission = (path: string) => PolicySource | null

/** 'allowed by the user: a.py, b.py; ', in front of why a change is proved; '' for none. */
export function allowedJudgesPhrase(allowed: readonly AllowedJudge[]): string {
  const by = [...new Set(allowed.map((one) => one.by))]
  const all = by.map(
    (who) => `allowed by ${who}: ${allowed.flatMap((one) => (one.by === who ? [one.path] : [])).join(', ')}; `,
  )
  return all.join('')
}

/** A rule that names nothing allows nothing. */
export function judgeChangePermission(rules: readonly PathRule[], names: readonly string[]): JudgeChangePermission {
  const match = allowMatcher(rules.filter((rule) => namesOneFile(rule, names)))
  return (path) => match(path)?.source ?? null
}

/**
 * True for a path without wildcards, and for a pattern with a directory that is spelled out, or with an ending that no test and no
 * configuration has: whoever wrote it knew which files are meant.
 */
export function namesOneFile({ pattern }: PathRule, names: readonly string[]): boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.')
  const literal = (part: string) => !/[*?[\]{}]/.test(part)
  if (parts.every(literal) || parts.slice(0, -1).some(literal) || (pattern.endsWith('/') && parts.some(literal)))
    return true
  const ending = /^\*+(\.\w[\w.-]*)$/.exec(parts.at(-1) ?? '')?.[1]
  return ending !== undefined && !names.some((path) => path.endsWith(ending))
}
