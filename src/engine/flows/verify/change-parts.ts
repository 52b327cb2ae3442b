import {
  claimedJudges,
  earlierJudges,
  type JudgesByPath,
  judgeClassifierWith,
  judgesWithoutRun,
  type Lead,
  withClaimedJudges,
} from '../../core/found-judges/index.ts'
import { judgeClassifierOf } from '../../core/judges/index.ts'
import { type ChangeSplit, saidByJudges, splitChangeWithPrograms, splitInside } from '../../core/split/index.ts'

import type { FoundJudge } from '../../model/found-judge.ts'
import type { Policy } from '../../model/policy.ts'
import type { ProofCase, TreeContents, VerifierPorts } from './proof-case.ts'

/** The judges of the base, as far as no run is needed to find them, and those that the record adds to these. */
async function judgesOfProof(
  { bundle, repro, policy }: ProofCase,
  base: TreeContents['base'],
  ports: VerifierPorts,
  more: Policy['tests']['patterns'],
): Promise<{ readonly lead: Lead; readonly found: JudgesByPath }> {
  const byName = judgeClassifierOf([...policy.tests.patterns, ...more])
  const targets = [...repro.targets, ...policy.verify.also]
  const { lead, judges } = await judgesWithoutRun(base, targets, byName, (oid) => ports.objects.read(oid))
  return { lead, found: withClaimedJudges(judges, claimedJudges(bundle)) }
}

/**
 * Judges of the tree that the gate's policy comes from, as far as no run is needed to find them, which the base of the proof
 * still has and which the proof does not count as judges.
 */
export async function uncountedJudges(
  it: ProofCase,
  { base }: TreeContents,
  ports: VerifierPorts,
  gate: { readonly files: TreeContents['base']; readonly patterns: Policy['tests']['patterns'] },
): Promise<readonly FoundJudge[]> {
  const { lead, found } = await judgesOfProof(it, base, ports, gate.patterns)
  const { judges } = await judgesWithoutRun(gate.files, lead.targets, lead.byName, (oid) => ports.objects.read(oid))
  return earlierJudges(judges.values(), base, found)
}

/**
 * Splits the change as the session had to split it: by names, by the words of the command and the files that these lead to,
 * and by the judges that the record adds to these.
 */
export async function changePartsOf(
  it: ProofCase,
  { changes, base }: TreeContents,
  ports: VerifierPorts,
  more: Policy['tests']['patterns'],
): Promise<ChangeSplit> {
  const { repro } = it
  const read = (oid: string) => ports.objects.read(oid)
  const { lead, found } = await judgesOfProof(it, base, ports, more)
  const isProgram = (path: string) => found.get(path)?.judge === 'program'
  const judgeOf = judgeClassifierWith(lead, found)
  const parts = await splitChangeWithPrograms(changes, judgeOf, isProgram, read)
  // Older records do not say whether reads were observed, and they do not take product files apart.
  return repro.observed === undefined
    ? parts
    : splitInside(parts, read, () => saidByJudges(repro.targets, base, judgeOf, read))
}
