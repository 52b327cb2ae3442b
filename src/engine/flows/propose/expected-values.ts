import { assertedValues, valuesIn, valuesOfTestsAlone } from '../../core/search/index.ts'
import { spellCommand } from '../../model/command.ts'
import { type Round, redMeasurements } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import type { VisibleFiles } from './visible-files.ts'

/** The parts of a session that are read to find what the failing tests expect. */
type Expecting = Pick<Session, 'inspector' | 'judgeOf'>

/** In characters: how much of the product is read, and how much of the messages of failing tests. */
const MOST_PRODUCT = 4_000_000
const MOST_MESSAGE = 2_000
/** Lines of a message that say what was expected; others quote code or list calls. */
const TELLING = /^E\s|assert|expect|received|actual|equal|===|!==|==|!=|^\s*[-+]\s/i

/**
 * The numbers and strings that the failing assertions hold and the product does not. Where the output names no line of a test,
 * those of the whole test files that it names.
 */
export async function expectedValues(
  session: Expecting,
  base: Round,
  files: VisibleFiles,
): Promise<ReadonlySet<string>> {
  const asserted = new Set<string>()
  for (const { execution, target } of redMeasurements(base)) {
    const named = session.inspector.places(execution, target.cwd).filter(({ path }) => session.judgeOf(path) === 'test')
    for (const path of new Set(named.map((one) => one.path))) {
      const text = await files.text(path)
      if (text === null) continue
      const lines = named.flatMap((one) => (one.path === path && one.line !== null ? [one.line] : []))
      const values = lines.length > 0 ? assertedValues(path, text, lines) : valuesIn(path, text)
      for (const value of values) asserted.add(value)
    }
    for (const { message } of session.inspector.failures(spellCommand(target.command), execution))
      for (const value of valuesIn('message.txt', toldBy(message ?? ''))) asserted.add(value)
  }
  return asserted.size === 0 ? asserted : valuesOfTestsAlone(asserted, await productTexts(session, files))
}

function toldBy(message: string): string {
  const lines = message.split('\n')
  return lines
    .filter((line, at) => at === 0 || TELLING.test(line))
    .join('\n')
    .slice(0, MOST_MESSAGE)
}

async function productTexts({ judgeOf }: Expecting, files: VisibleFiles): Promise<readonly string[]> {
  const texts: string[] = []
  let left = MOST_PRODUCT
  for (const path of files.paths.filter((one) => judgeOf(one) === null)) {
    const text = await files.text(path)
    if (text === null) continue
    left -= text.length
    if (left < 0) break
    texts.push(text)
  }
  return texts
}
