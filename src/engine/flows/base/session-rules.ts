import { earlierJudges, judgeClassifierWith, judgesWithoutRun, namedBy } from '../../core/found-judges/index.ts'
import { blobsNeeded, guardChange, remarks } from '../../core/guard/index.ts'
import { judgeChangePermission, judgeClassifierOf, namesOneFile } from '../../core/judges/index.ts'
import { denyMatcher } from '../../core/paths/index.ts'
import { isPolicyName, spellSource } from '../../core/policy/index.ts'
import { secretPath } from '../../core/redact/index.ts'
import type { Change } from '../../model/change.ts'
import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import type { SecretSearch } from '../../model/redactor.ts'
import type { Objects } from '../../ports/repository.ts'
import { nestedPolicies, type ParsedPolicies } from '../policies/index.ts'
import type { Session } from '../session/index.ts'
import { secretRefusals } from './secret-refusals.ts'

/**
 * The judges of a session, as far as names, the words of the command and the files that these lead to show them, and which
 * rules of the policy let judges be changed. `earlier`: judges of the commit that a range starts from; they stay judges in the
 * whole range. Throws USAGE, POLICY_INVALID.
 */
export async function judgesOfSession(
  objects: Objects,
  policy: Policy,
  base: Oid,
  commands: readonly Target[],
  earlier: Iterable<FoundJudge> = [],
): Promise<Pick<Session, 'judgeOf' | 'judges' | 'named' | 'allowedBy' | 'namesPath'>> {
  const targets = [...commands, ...policy.verify.also]
  const files = await objects.list(base)
  const paths = files.map(({ path }) => path)
  const byName = judgeClassifierOf(policy.tests.patterns)
  const { lead, judges } = await judgesWithoutRun(files, targets, byName, (oid) => objects.read(oid))
  const named = namedBy({ ...lead, targets: commands })
  for (const one of earlierJudges(earlier, files, judges)) judges.set(one.path, one)
  const names = paths.filter((path) => byName(path) !== null)
  const vague = policy.tests.allow.find((rule) => !namesOneFile(rule, names))
  if (vague)
    throw new PpError(
      vague.source.from === 'flag' ? 'USAGE' : 'POLICY_INVALID',
      `${spellSource(vague.source)}: the pattern "${vague.pattern}" is too wide; name a path, or a directory as in "tests/**"`,
    )
  const allowedBy = judgeChangePermission(policy.tests.allow, names)
  const writable = judgeChangePermission(policy.writeAllowlist.flat(), names)
  return {
    judges,
    named,
    allowedBy,
    namesPath: (path) => allowedBy(path) !== null || writable(path) !== null,
    judgeOf: judgeClassifierWith(lead, judges),
  }
}

/** The contents that the guard reads for a change: blob id → bytes. */
export async function blobsOf(
  objects: Pick<Objects, 'read'>,
  changes: readonly Change[],
): Promise<Map<Oid, Uint8Array>> {
  return new Map(await Promise.all(blobsNeeded(changes).map(async (oid) => [oid, await objects.read(oid)] as const)))
}

/**
 * What the policy refuses in a change, decided on the raw diff of the trees and the blobs. An added secret comes first.
 * `policyTree`: where nested policies are read from; absent: the base.
 */
export function sessionGuard(
  objects: Objects,
  policy: Policy,
  secrets: SecretSearch,
  policyTree?: Oid,
): Session['guard'] {
  const parsed: ParsedPolicies = new Map()
  return async (base, changes, patch, spentPatchBytes) => {
    const blobs = await blobsOf(objects, changes)
    const files = await objects.list(base)
    const policies = policyTree === undefined ? files : await objects.list(policyTree)
    const nearer = await nestedPolicies(policies, changes, policy.files, objects.read, parsed)
    const input = { changes, base: files, blobs, policy, nearer, patchBytes: patch.length, spentPatchBytes }
    return [...(await secretRefusals(objects, changes, blobs, secrets)), ...guardChange(input)]
  }
}

/** Remarks on a change that the policy allows but that a reader has to see first. */
export function remarksOf(objects: Objects): Session['remarks'] {
  const words = { 'runs-by-itself': 'runs by itself', executable: 'becomes a program', binary: 'is binary' } as const
  return async (changes) => {
    return remarks(changes, await blobsOf(objects, changes)).map(({ kind, path }) => `${path} ${words[kind]}`)
  }
}

/** Files of the base that no proposer reads: the policy, and what looks like a secret or may not be written. */
export function hiddenFromProposers(policy: Policy): (path: string) => boolean {
  const denied = denyMatcher(policy.denyWrite)
  return (path) => {
    return isPolicyName(path) || secretPath(path) || denied(path) !== null
  }
}
