import { upwardsFrom } from '../paths/index.ts'

export const POLICY_NAMES = ['pp.yaml', 'pp.yml', 'pp.json'] as const

/** The policy file that applies to a directory ('' = the top): the nearest one in it or above it, or null. */
export function nearestPolicyFile(directory: string, has: (path: string) => boolean): string | null {
  return upwardsFrom(directory).flatMap(policiesIn).find(has) ?? null
}

/** The paths at which a directory can have a policy. */
export function policiesIn(directory: string): readonly string[] {
  return POLICY_NAMES.map((name) => (directory === '' ? name : `${directory}/${name}`))
}

/** 'a/b' for 'a/b/c'; '' for a file at the top. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function isPolicyName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return POLICY_NAMES.some((one) => one === name)
}

/** 'lib/pp.yaml applies only below lib/', for a few of them. */
export function nestedPoliciesPhrase(files: readonly string[]): string {
  const said = files.slice(0, 3).map((file) => `${file} applies only below ${directoryOf(file) || '.'}/`)
  return [...said, ...(files.length > 3 ? [`and ${files.length - 3} more`] : [])].join(', ')
}
