import {
  claimedJudges,
  foundIn,
  judgeClassifierWith,
  linkedJudges,
  namedBy,
  textsOnTheWay,
  withClaimedJudges,
} from '../../core/found-judges/index.ts'
import { judgeClassifierOf } from '../../core/judges/index.ts'
import { type ChangeSplit, saidByJudges, splitChangeWithPrograms, splitInside } from '../../core/split/index.ts'

import type { Policy } from '../../model/policy.ts'
import type { ProofCase, TreeContents, VerifierPorts } from './proof-case.ts'

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
  const { bundle, repro, policy } = it
  const paths = base.map(({ path }) => path)
  const byName = judgeClassifierOf([...policy.tests.patterns, ...more])
  const targets = [...repro.targets, ...policy.verify.also]
  const texts = await textsOnTheWay(targets, base, byName, (oid) => ports.objects.read(oid))
  const lead = { targets, paths, texts, byName }
  const linked = await linkedJudges(base, byName, (oid) => ports.objects.read(oid))
  const own = new Map([...linked.map((one) => [one.path, one] as const), ...foundIn(namedBy(lead), byName)])
  const found = withClaimedJudges(own, claimedJudges(bundle))
  const isProgram = (path: string) => found.get(path)?.judge === 'program'
  const judgeOf = judgeClassifierWith(lead, found)
  const read = (oid: string) => ports.objects.read(oid)
  const parts = await splitChangeWithPrograms(changes, judgeOf, isProgram, read)
  // Older records do not say whether reads were observed, and they do not take product files apart.
  return repro.observed === undefined
    ? parts
    : splitInside(parts, read, () => saidByJudges(repro.targets, base, judgeOf, read))
}
