import { FOLDERS } from '../../core/bundle-layout/index.ts'
import { failingTestIds } from '../../core/failure/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { BrokenTests, Runner } from '../../ports/runner.ts'
import type { ChangeCandidate } from '../change/index.ts'
import {
  cutAfter,
  type Measurement,
  measureTree,
  onceMore,
  type Round,
  type RoundSpec,
  undecidedOutcome,
  wasCutOff,
} from '../measure/index.ts'
import { type Outcome, outcome } from '../session/index.ts'
import type { Proving } from './proving.ts'

const FILES_TRIED = 3

/**
 * Adds failing tests to the final tree: one that throws, one for each way of asserting that the file uses, and the tests that
 * failed, broken under their own names. Each must fail. One that does not fail is tried on the red tree. If it fails there,
 * the change manipulates the runner. If it fails on neither, the command does not run it; the proof says so if this is true
 * of all files that were tried. With `alone`, all other tests have to pass as before, else the proof says that they do not.
 */
export async function addedFailingTest(
  session: Proving,
  change: ChangeCandidate,
  base: Round,
  green: Round,
  { notShown, alone }: { readonly notShown: string[]; readonly alone: boolean },
): Promise<Outcome | null> {
  for (const measurement of green.measurements) {
    const { runner, target } = measurement
    if (session.settings.runs === 0 || session.settings.runs === 1) {
      notShown.push(`${target.name}: that an added failing test fails (not checked with --runs 0 or 1)`)
      continue
    }
    if (!runner) {
      notShown.push(`${target.name}: that an added failing test fails (no known runner)`)
      continue
    }
    const red = base.measurements.find((one) => one.target.name === target.name)
    const verdict = await tryFiles(session, change, runner, [measurement, red ?? measurement], alone)
    if (typeof verdict === 'object') return verdict
    if (verdict === 'bought')
      return outcome(
        'RIGGED',
        `${target.name}: git pp added a test that must fail; it passes with the change, and fails without it`,
      )
    if (verdict === 'not alone') notShown.push(`${target.name}: that all other tests pass beside an added failing test`)
    if (verdict === 'not run')
      notShown.push(`${target.name}: that an added failing test fails (one was added, but the command did not run it)`)
    if (verdict === 'no file')
      notShown.push(
        `${target.name}: that an added failing test fails (there is no test file of ${runner.kind} to add one to)`,
      )
  }
  return null
}

async function tryFiles(
  session: Proving,
  change: ChangeCandidate,
  runner: Runner,
  [green, red]: readonly [Measurement, Measurement],
  alone: boolean,
): Promise<'fails' | 'not alone' | 'bought' | 'not run' | 'no file' | Outcome> {
  const files = await testFiles(session, change.tree, runner, red)
  if (files.length === 0) return 'no file'
  for (const file of files) {
    const shown = await tryFile(session, change, file, [green, red], alone)
    if (shown !== 'passes') return shown
  }
  return 'not run'
}

/**
 * Tries one file with failing tests added. 'passes': it passes with the change and without it, so the command does not run
 * the file.
 */
async function tryFile(
  session: Proving,
  change: ChangeCandidate,
  { path, text, words }: FailingTestTarget,
  [green, red]: readonly [Measurement, Measurement],
  alone: boolean,
): Promise<'fails' | 'not alone' | 'bought' | 'not run' | 'passes' | Outcome> {
  const edits = new Map([[path, { bytes: new TextEncoder().encode(text), mode: '100644' as const }]])
  // The edits are in a tree of their own, so that a change which asks git about the file sees no difference.
  const tree = await session.objects.edit(change.tree, edits)
  const redTree = await session.objects.edit(change.redTree, edits)
  const spec: RoundSpec = { tree, step: { is: 'added-test' }, keep: FOLDERS.addedTest, targets: [green.target] }
  const withoutChange: RoundSpec = { ...spec, tree: redTree, step: { is: 'added-test-without' }, keep: null }
  const cutAfterMs = cutAfter([green, red])
  const passing = (round: Round) => words.filter((word) => !fails(round, word))

  let final = await measureTree(session, { ...spec, cutAfterMs })
  if (passing(final).length === 0) return alone && !othersPass(final, words, green, red) ? 'not alone' : 'fails'
  if (wasCutOff(final)) {
    // A failing test may keep its runner from ending. If only the run with the change does not end, it is run again without
    // the bound.
    if (wasCutOff(await measureTree(session, { ...withoutChange, cutAfterMs }))) return 'not run'
    final = await measureTree(session, spec)
  }
  const cut = undecidedOutcome(session, final)
  if (cut) return cut
  const passed = passing(final)
  if (passed.length === 0) return 'fails'
  const before = await measureTree(session, withoutChange)
  const cutBefore = undecidedOutcome(session, before)
  if (cutBefore) return cutBefore
  if (passed.some((word) => fails(before, word))) {
    const again = await measureTree(session, onceMore(spec))
    return undecidedOutcome(session, again) ?? (passed.every((word) => fails(again, word)) ? 'fails' : 'bought')
  }
  return passed.length < words.length ? 'fails' : 'passes'
}

/** Whether the added test itself is seen to fail: by its name, or by its message. */
function fails(round: Round, word: string): boolean {
  return round.measurements.some(
    ({ reading, tests }) =>
      reading.is === 'red' &&
      (failingTestIds(tests).some((id) => id.includes(word)) ||
        tests?.tests.some(({ outcome: how, message }) => how !== 'passed' && message?.includes(word))),
  )
}

/**
 * Whether no other test failed or is missing than the added ones, and those that failed before, which are broken here under
 * their own names.
 */
function othersPass(round: Round, words: readonly string[], green: Measurement, red: Measurement): boolean {
  const before = failingTestIds(red.tests)
  return round.measurements.every(({ tests, insteadOf }) => {
    if (tests === null) return false
    const others = failingTestIds(tests).filter((id) => !insteadOf.has(id) && !before.includes(id))
    const message = (id: string) => tests.tests.find((one) => one.id === id)?.message ?? ''
    const foreign = others.filter((id) => !words.some((word) => id.includes(word) || message(id).includes(word)))
    const lost = (green.tests?.counts.passed ?? 0) - tests.counts.passed
    return foreign.length === 0 && lost <= Math.max(before.length, 1)
  })
}

interface FailingTestTarget extends BrokenTests {
  readonly path: string
}

/** Test files that this runner can add a test to, those of the failing tests first. */
async function testFiles(
  session: Proving,
  tree: Oid,
  runner: Runner,
  red: Measurement,
): Promise<readonly FailingTestTarget[]> {
  const entries = (await session.objects.list(tree)).filter(
    ({ mode, path }) => mode.startsWith('100') && session.judgeOf(path) === 'test',
  )
  const named = red.tests?.tests.filter(({ outcome: how }) => how === 'failed' || how === 'error') ?? []
  const output = [...session.inspector.places(red.execution, red.target.cwd)].map(({ path }) => path)
  const rank = (path: string): number => {
    if (named.some(({ id, file }) => file === path || id.startsWith(`${path}::`) || file?.endsWith(`/${path}`)))
      return 0
    return output.includes(path) ? 1 : 2
  }
  // A word that only this session uses, so that a change cannot know it beforehand.
  const name = `t${session.id.slice(-10).toLowerCase()}`
  const found: FailingTestTarget[] = []
  for (const { path, oid } of [...entries].sort((a, b) => rank(a.path) - rank(b.path))) {
    const text = new TextDecoder().decode(await session.objects.read(oid))
    const added = runner.addFailingTest(path, text, `${name}_added`)
    if (added === null) continue
    const more = runner.breakMore?.(added, name, failingTestIds(red.tests)) ?? { text: added, words: [] }
    found.push({ path, text: more.text, words: [`${name}_added`, ...more.words] })
    if (found.length === FILES_TRIED) break
  }
  return found
}
