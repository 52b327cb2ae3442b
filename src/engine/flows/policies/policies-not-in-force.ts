import { directoryOf, isPolicyName, nearestPolicyFile, nestedPoliciesPhrase } from '../../core/policy/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { Objects, RepositoryPaths } from '../../ports/repository.ts'

/**
 * The sentence about policy files of the base that are not in force: with `final`, those nearest to the changed files;
 * without it, those below the directory of the caller. At most one sentence.
 */
export async function policiesNotInForce(
  { objects, place }: { readonly objects: Objects; readonly place: RepositoryPaths },
  base: Oid,
  final: Oid | null,
  { files }: Pick<Policy, 'files'>,
): Promise<readonly string[]> {
  const policies = new Set((await objects.list(base)).map(({ path }) => path).filter(isPolicyName))
  for (const { path, commit } of files) if (commit !== null) policies.delete(path)
  if (policies.size === 0) return []
  const below = place.prefix === '' ? '' : `${place.prefix}/`
  const found =
    final === null
      ? [...policies].filter((path) => path.startsWith(below))
      : (await objects.changes(base, final)).flatMap(
          ({ path }) => nearestPolicyFile(directoryOf(path), (one) => policies.has(one)) ?? [],
        )
  const unique = [...new Set(found)].sort()
  if (unique.length === 0) return []
  const which = nestedPoliciesPhrase(unique)
  return [`${which}; from here, only its deny_write and write_allowlist count; git pp -C DIRECTORY applies all of it`]
}
