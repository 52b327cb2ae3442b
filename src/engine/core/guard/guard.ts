import type { Change, TreeEntry } from '../../model/change.ts'
import type { PathRule, Policy, PolicySource } from '../../model/policy.ts'
import type { Refusal } from '../../model/proposal.ts'
import { allowMatcher, denyMatcher, namedLiterally, parentsOf } from '../paths/index.ts'
import { spellSource } from '../policy/index.ts'
import { automaticExecutionOf } from './automatic-execution.ts'
import { caseCollisions } from './case-collisions.ts'
import { type BlobContents, contentProblem, isPackageFile, isRegularFile, packageScripts } from './content-problem.ts'
import { foldPathComponent, pathProblem } from './path-problem.ts'

/** The data that a decision on a change needs. */
export interface GuardInput {
  /** From `git diff-tree -r --raw -z --no-renames base final`, never from the text of a patch or a list of a proposer. */
  readonly changes: readonly Change[]
  /** All files of the base tree. */
  readonly base: readonly TreeEntry[]
  /** The blobs that `blobsNeeded` names. */
  readonly blobs: BlobContents
  readonly policy: Pick<Policy, 'writeAllowlist' | 'denyWrite' | 'limits' | 'files' | 'sources'>
  /** Policies of the base that are not in force, but apply to directories of some of the paths. */
  readonly nearer?: readonly NestedPolicy[]
  /** Bytes of the patch text. */
  readonly patchBytes: number
  /** Bytes that earlier attempts of the session spent. */
  readonly spentPatchBytes?: number
}

/** A policy file of the base and the changed paths that it is the nearest one for. `policy` null: it cannot be read. */
export interface NestedPolicy {
  readonly file: string
  readonly paths: ReadonlySet<string>
  readonly policy: Pick<Policy, 'writeAllowlist' | 'denyWrite'> | null
}

type GuardRule = (change: Change) => Refusal | null

/** Why a change is refused, each reason with a way out; [] = it may be tried. One refusal for each path, the strongest one. */
export function guardChange(input: GuardInput): readonly Refusal[] {
  const rules = pathRules(input)
  const paths = input.changes.flatMap((change) => {
    for (const rule of rules) {
      const refusal = rule(change)
      if (refusal) return refusal
    }
    return []
  })
  return [...overLimits(input), ...paths]
}

/** The rules, strongest first: what no policy can allow, then what this policy denies, then what it has to name. */
function pathRules({ changes, base, blobs, policy, nearer = [] }: GuardInput): readonly GuardRule[] {
  const links = new Map(base.filter(({ mode }) => mode in LINKS).map((e) => [e.path, e.mode]))
  const mixedUp = caseCollisions(changes, base)
  return [
    ({ path }) => {
      const bad = pathProblem(path)
      return bad && refuse(bad.rule, path, `${bad.why}; no policy can allow this`)
    },
    (change) => badMode(change),
    ({ path }) => throughLink(path, links),
    ({ path }) =>
      isPolicyFile(path, policy.files)
        ? refuse('policy', path, 'a change cannot write the policy; edit it by hand')
        : null,
    ({ path }) => {
      const other = mixedUp.get(path)
      return other === undefined
        ? null
        : refuse(
            'case-collision',
            path,
            `some file systems cannot tell it from ${show(other)}; use that spelling or another name`,
          )
    },
    ...writeRules(policy),
    ...nearer.flatMap(nearRules),
    (change) => byItself(change, blobs, policy.writeAllowlist.flat()),
    (change) => {
      const bad = contentProblem(change, blobs)
      return bad && refuse(bad.rule, change.path, bad.why)
    },
  ]
}

function writeRules({ denyWrite, writeAllowlist }: Pick<Policy, 'writeAllowlist' | 'denyWrite'>): readonly GuardRule[] {
  const denied = denyMatcher(denyWrite)
  const allowed = writeAllowlist.map((rules) => ({ rules, match: allowMatcher(rules) }))
  return [
    ({ path }) => {
      const rule = denied(path)
      const message = rule && `${why('deny_write', rule)}; do not change this file, or change the policy first`
      return message === null ? null : refuse('deny_write', path, message, rule?.source)
    },
    ({ path }) => notAllowed(path, allowed),
  ]
}

/** The rules of a policy for the paths that it is nearest to; they only tighten the policy in force. */
function nearRules({ file, paths, policy }: NestedPolicy): readonly GuardRule[] {
  const rules: readonly GuardRule[] = policy
    ? writeRules(policy)
    : [
        ({ path }) =>
          refuse('policy', path, `the policy ${show(file)}, which applies to it, cannot be read; fix that file first`),
      ]
  return rules.map(
    (rule): GuardRule =>
      (change) =>
        paths.has(change.path) ? rule(change) : null,
  )
}

/** Modes that are not regular files: the word of the refusal, and the name for people. */
const LINKS: Readonly<Record<string, { readonly rule: string; readonly name: string }>> = {
  '120000': { rule: 'symlink', name: 'symlink' },
  '160000': { rule: 'gitlink', name: 'submodule' },
}

function badMode({ path, before, after }: Change): Refusal | null {
  const end = [after, before].find((one) => one !== null && !isRegularFile(one))
  if (!end) return null
  const { rule, name } = LINKS[end.mode] ?? { rule: 'mode', name: `file of mode ${end.mode}` }
  return refuse(rule, path, `it is a ${name}; a change may touch only regular files`)
}

function throughLink(path: string, links: ReadonlyMap<string, string>): Refusal | null {
  const link = parentsOf(path).find((parent) => links.has(parent))
  if (link === undefined) return null
  const { rule, name } = LINKS[links.get(link) ?? ''] ?? { rule: 'symlink', name: 'link' }
  return refuse(rule, path, `its path leads through the ${name} ${show(link)}; use the real path`)
}

/**
 * Whether a path is a policy: pp.yaml, pp.yml and pp.json at any depth (a nearer one would govern later sessions), and every
 * file that contributed to the policy in force.
 */
function isPolicyFile(path: string, files: Policy['files']): boolean {
  const last = foldPathComponent(path.slice(path.lastIndexOf('/') + 1))
  return /^pp\.(?:ya?ml|json)$/.test(last) || files.some((file) => file.path.toLowerCase() === path.toLowerCase())
}

function notAllowed(
  path: string,
  lists: readonly { rules: readonly PathRule[]; match: ReturnType<typeof allowMatcher> }[],
): Refusal | null {
  const closed = lists.find(({ match }) => match(path) === null)
  if (!closed) return null
  const source = closed.rules[0]?.source ?? { from: 'file' }
  const patterns = closed.rules.map((rule) => rule.pattern).join(', ') || 'nothing'
  return refuse(
    'write_allowlist',
    path,
    `it is outside of write_allowlist (${spellSource(source)}: ${patterns}); change only files inside, or add it to the list first`,
    source,
  )
}

function byItself(change: Change, blobs: BlobContents, rules: readonly PathRule[]): Refusal | null {
  const { path } = change
  if (namedLiterally(rules, path)) return null
  const kind = automaticExecutionOf(path)
  const keys = kind === null && isPackageFile(path) ? packageScripts(change, blobs) : null
  if (kind === null && keys === null) return null
  const what =
    kind === null ? `the change touches parts that run or install something (${keys})` : `it runs by itself (${kind})`
  return refuse('runs-by-itself', path, `${what}; to allow it, write its exact path into write_allowlist`)
}

function overLimits({ changes, policy, patchBytes, spentPatchBytes = 0 }: GuardInput): Refusal[] {
  const over = (key: string, limit: number | null, is: number, unit: string): Refusal[] => {
    if (limit === null || is <= limit) return []
    const source = policy.sources[`policy.limits.${key}`] ?? { from: 'default' }
    return [
      refuse(
        `limits.${key}`,
        null,
        `the change has ${is} ${unit}, but ${key} is ${limit} (${spellSource(source)}); make the change smaller`,
        source,
      ),
    ]
  }
  return [
    ...over('max_files_changed', policy.limits.maxFilesChanged, changes.length, 'files'),
    ...over('max_patch_bytes', policy.limits.maxPatchBytes, spentPatchBytes + patchBytes, 'bytes of patch'),
  ]
}

function refuse(rule: string, path: string | null, message: string, source?: PolicySource): Refusal {
  return {
    rule,
    path,
    message: path === null ? message : `${show(path)}: ${message}`,
    source: source?.file && source.line !== undefined ? { file: source.file, line: source.line } : null,
  }
}

function why(key: string, rule: PathRule): string {
  return `${key} ${JSON.stringify(rule.pattern)} (${spellSource(rule.source)})`
}

/** A path for a message: quoted unless it is plain. */
function show(path: string): string {
  return /^[\p{L}\p{N}\p{M}\p{P}\p{S} ]+$/u.test(path) && !path.includes('\\') ? path : JSON.stringify(path)
}
