import { failingTests } from '../../core/failure/index.ts'
import { stringMasker } from '../../core/redact/index.ts'
import type { Target } from '../../model/command.ts'
import type { TestCase } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { Runner } from '../../ports/runner.ts'
import { failuresOf, type Measuring, measureTree } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import { commandForFiles, commandForTests, MOST_SELECTED, type Selecting } from './select-tests.ts'

/** What an earlier run of a target showed: its runner, and the ids of tests that failed. */
export interface KnownTests {
  readonly runner: string
  readonly failing: readonly string[]
}

/** What a few tests of a slow suite show: those that fail, and how many pass. */
export interface FirstLook {
  readonly failing: readonly TestCase[]
  readonly passed: number
}

/** The parts of a session that a first look uses. */
type LookingFirst = Measuring & Selecting & Pick<Session, 'redactor'>

interface FirstLookSpec {
  readonly tree: Oid
  /** By the name of a target; all runners are asked for one that is not known. */
  readonly known: ReadonlyMap<string, KnownTests>
  /** Test files that the change touches. */
  readonly files: readonly string[]
  readonly runners: readonly Runner[]
  readonly cutAfterMs: number
}

/**
 * Runs the tests that failed before and those of touched files, before a suite that is slow. Null: nothing could be selected, or
 * nothing of it ran. It decides nothing: tests that depend on others may fail when they run without them.
 */
export async function firstLook(session: LookingFirst, spec: FirstLookSpec): Promise<FirstLook | null> {
  const targets = await narrowedTargets(session, spec)
  if (targets.length === 0) return null
  const { tree, cutAfterMs } = spec
  const round = await measureTree(session, { tree, targets, step: { is: 'change' }, keep: null, cutAfterMs })
  const failing = new Map<string, TestCase>()
  let passed = 0
  for (const one of round.measurements) {
    if (one.reading.is !== 'red' && one.reading.is !== 'green') continue
    passed += one.tests?.counts.passed ?? 0
    const named = new Set(failingTests(one.tests).map(({ id }) => id))
    for (const test of failuresOf(session, one)) if (named.has(test.id)) failing.set(test.id, test)
  }
  // What a reader decodes may hold a secret that its output does not show.
  return failing.size === 0 && passed === 0
    ? null
    : { failing: stringMasker(session.redactor).all([...failing.values()]), passed }
}

async function narrowedTargets(
  session: LookingFirst,
  { known, files, runners }: FirstLookSpec,
): Promise<readonly Target[]> {
  const targets: Target[] = []
  for (const target of session.targets) {
    const { runner: kind, failing = [] } = known.get(target.name) ?? {}
    const tests = failing.slice(0, MOST_SELECTED).map((id) => ({ id, outcome: 'failed' as const }))
    for (const runner of kind === undefined ? runners : runners.filter((one) => one.kind === kind)) {
      const commands = [
        tests.length > 0 ? await commandForTests(session, runner, target, tests) : null,
        files.length > 0 ? await commandForFiles(session, runner, target, files) : null,
      ]
      for (const command of commands) if (command !== null) targets.push({ ...target, command })
    }
  }
  return targets
}
