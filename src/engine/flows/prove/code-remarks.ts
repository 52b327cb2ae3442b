import { printedText, utf8Bytes } from '../../core/bytes/index.ts'
import {
  addedLines,
  type ChangedCode,
  overfittingRemarks,
  type TestTexts,
  testData,
  testTexts,
} from '../../core/overfitting/index.ts'
import { isBinary } from '../../core/patch/index.ts'
import type { CodeRemark } from '../../model/code-remark.ts'
import type { Oid } from '../../model/oid.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { type Round, redMeasurements } from '../measure/index.ts'
import type { Session } from '../session/index.ts'

/** The parts of a session that remarks on code use. */
export type RemarkedSession = Pick<Session, 'inspector' | 'judgeOf' | 'judges' | 'objects' | 'redactor' | 'syntax'>

/** In characters: how much of the changed product, of the tests and of the output is read. Parsing it takes about 2 seconds. */
const MOST_CODE = 1_000_000
const MOST_TESTS = 1_000_000
const MOST_OUTPUT = 200_000

/** The places in the product part of a change that a reviewer should look at; `red`: the run that failed without it. */
export async function codeRemarks(
  session: RemarkedSession,
  change: ChangeCandidate,
  red: Round,
): Promise<readonly CodeRemark[]> {
  const code = await changedCode(session, change)
  if (code.length === 0) return []
  const remarks = overfittingRemarks(code, await failingTests(session, change, red))
  const masked = (text: string) => new TextDecoder().decode(session.redactor.redact(utf8Bytes(text)).bytes)
  return remarks.map((remark) => ({ ...remark, sentence: masked(remark.sentence) }))
}

async function changedCode({ objects, syntax }: RemarkedSession, { split }: ChangeCandidate): Promise<ChangedCode[]> {
  const found: ChangedCode[] = []
  let left = MOST_CODE
  for (const { path, before, after } of split.product) {
    if (after === null || !after.mode.startsWith('100')) continue
    const [old, young] = [before === null ? '' : await textOf(objects, before.oid), await textOf(objects, after.oid)]
    left -= old.length + young.length
    if (left < 0) break
    const parsed = await syntax.code(path, young)
    if (parsed === null) continue
    const earlier = before === null ? null : await syntax.code(path, old)
    found.push({ path, before: earlier, after: parsed, added: addedLines(old, young) })
  }
  return found
}

/** What the failing tests hold: the tests of the change, those that the red run showed, their data, and what it printed. */
async function failingTests(session: RemarkedSession, change: ChangeCandidate, red: Round): Promise<TestTexts> {
  const files = (await session.objects.list(change.tree)).filter(({ mode }) => mode.startsWith('100'))
  const oids = new Map(files.map(({ path, oid }) => [path, oid]))
  const tests = [...oids.keys()].filter((path) => session.judgeOf(path) === 'test')
  const reds = redMeasurements(red)
  const named = [
    ...change.split.tests.map(({ path }) => path),
    ...session.judges.keys(),
    ...reds.flatMap(({ execution, target }) => session.inspector.places(execution, target.cwd).map(({ path }) => path)),
  ].filter((path) => tests.includes(path))
  const outputs = reds.map(({ execution }) => printedText(execution).slice(-MOST_OUTPUT))
  const ofTests = await textsOf(session, named.length > 0 ? named : tests, oids)
  const touched = change.changes.map(({ path }) => path)
  const others = [...oids.keys()].filter(
    (path) => !touched.includes(path) && !['ci', 'config', 'policy'].includes(session.judgeOf(path) ?? ''),
  )
  const data = testData(others, [...named, ...touched], ofTests)
  return testTexts([...tests, ...data], [...outputs, ...ofTests, ...(await textsOf(session, data, oids))])
}

async function textsOf(
  { objects }: RemarkedSession,
  paths: readonly string[],
  oids: ReadonlyMap<string, Oid>,
): Promise<readonly string[]> {
  const texts: string[] = []
  let left = MOST_TESTS
  for (const path of new Set(paths)) {
    const oid = oids.get(path)
    const text = oid === undefined ? '' : await textOf(objects, oid)
    left -= text.length
    if (left < 0) break
    texts.push(text)
  }
  return texts
}

/** '' for a binary file. */
async function textOf(objects: Pick<Session['objects'], 'read'>, oid: Oid): Promise<string> {
  const bytes = await objects.read(oid)
  return isBinary(bytes) ? '' : new TextDecoder().decode(bytes)
}
