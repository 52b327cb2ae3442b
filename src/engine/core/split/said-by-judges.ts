import type { TreeEntry } from '../../model/change.ts'
import { spellCommand, type Target } from '../../model/command.ts'
import type { JudgeClassifier } from '../judges/index.ts'
import type { ReadBlob } from './tests-and-product.ts'

/** At most this many judges are read, and at most this many bytes of each. */
const MOST_JUDGES = 2_000
const MOST_BYTES = 262_144

/** The words of the commands, and the texts of the judges of the base. */
export async function saidByJudges(
  targets: readonly Target[],
  base: readonly TreeEntry[],
  judgeOf: JudgeClassifier,
  read: ReadBlob,
): Promise<string> {
  const texts = targets.map(({ command }) => spellCommand(command))
  const judges = base.filter(({ path, mode }) => mode.startsWith('100') && judgeOf(path) !== null)
  for (const { oid } of judges.slice(0, MOST_JUDGES))
    texts.push(new TextDecoder().decode((await read(oid)).subarray(0, MOST_BYTES)))
  return texts.join('\n')
}
