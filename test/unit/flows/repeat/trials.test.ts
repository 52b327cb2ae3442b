import test from 'ava'
import { encodeBundleLine, sealBundle } from '../../../../src/engine/core/bundle/bundle.ts'
import { abridgeRuns } from '../../../../src/engine/core/bundle/write-record.ts'
import { trialFolder } from '../../../../src/engine/core/bundle-layout/index.ts'
import { sha256 } from '../../../../src/engine/core/bytes/canonical.ts'
import { noWritableJudges } from '../../../../src/engine/core/judge-mounts/writable-judges.ts'
import { type TrialsSpec, tryInTurn } from '../../../../src/engine/flows/repeat/trials.ts'
import type { Session } from '../../../../src/engine/flows/session/session.ts'
import type { TestReport } from '../../../../src/engine/model/evidence.ts'

const [RED, FINAL] = ['a'.repeat(40), 'b'.repeat(40)]
const EMPTY = { bytes: 0, sha256: sha256(''), truncated: false, redactions: 0, kept: new Uint8Array() }

interface Play {
  /** Whether the n-th run on a tree fails, from 1. */
  readonly fails: (tree: string, n: number) => boolean
  /** The session's time, and that of one run, in ms. */
  readonly sessionMs?: number
  readonly runMs?: number
  readonly tests?: TestReport | null
}

/** A session whose command fails as it is told; its clock moves by the time that runs take. */
function sessionOf({ fails, sessionMs = 1e9, runMs = 10, tests = null }: Play) {
  const ran: string[] = []
  let now = 0
  const session = {
    settings: { jobs: 1, sessionMs, hangAfterMs: null, perCommandMs: 1e9, maxOutputBytes: 1, network: 'deny' },
    begun: 0,
    clock: { elapsed: () => now },
    alsoTree: null,
    base: { tree: 'base' },
    targets: [{ name: 'command', command: { shell: 'test' }, cwd: '' }],
    signal: new AbortController().signal,
    reporter: { tell: () => {} },
    objects: { list: async () => [] },
    judgeOf: () => null,
    workspaces: {
      open: async (tree: string) => ({
        tree,
        stack: null,
        touched: async () => new Map(),
        untracked: async () => [],
        stamps: async () => new Map(),
        restore: async () => {},
        dispose: async () => {},
      }),
    },
    writable: noWritableJudges(),
    inspector: {
      inspect: (_: string, { ended }: { ended: { code: number } }) => ({
        runner: null,
        tests: ended.code === 0 ? null : tests,
        reruns: [],
        insteadOf: new Map(),
        invalid: null,
        headline: 'it failed',
      }),
    },
    sandbox: {
      enforces: { judgesReadOnly: true },
      async run({ workspace, timeoutMs, limit }: { workspace: { tree: string }; timeoutMs: number; limit: string }) {
        ran.push(workspace.tree)
        const n = ran.filter((tree) => tree === workspace.tree).length
        now += Math.min(runMs, timeoutMs)
        const ended =
          timeoutMs < runMs
            ? { how: 'timed-out', afterMs: timeoutMs, limit }
            : { how: 'exited', code: fails(workspace.tree, n) ? 1 : 0 }
        return {
          ended,
          startedAt: '2024-01-02T03:04:05.000Z',
          durationMs: runMs,
          stdout: EMPTY,
          stderr: EMPTY,
          reports: new Map(),
        }
      },
    },
    record: new Map(),
    runs: [],
    includes: [],
    environment: {},
  }
  return { session: session as unknown as Session, ran }
}

const spec = (more: Partial<TrialsSpec> = {}): TrialsSpec => ({
  ...{ red: RED, final: FINAL, most: 60, folder: () => null, heed: () => null },
  ...more,
})
const everyOther = (tree: string, n: number) => tree === RED && n % 2 === 1

test('runs without the change and with it take turns, and end when they are told apart', async (t) => {
  const { session, ran } = sessionOf({ fails: everyOther })
  const tried = await tryInTurn(session, spec())
  t.like(tried, { standing: 'told apart', trials: { without: { runs: 11, failed: 6 }, with: { runs: 11, failed: 0 } } })
  t.deepEqual(
    ran,
    Array.from({ length: 22 }, (_, at) => (at % 2 === 0 ? RED : FINAL)),
  )
})

test('the first failure with the change is the last run', async (t) => {
  const { session, ran } = sessionOf({ fails: (tree, n) => everyOther(tree, n) || (tree === FINAL && n === 3) })
  t.like(await tryInTurn(session, spec()), { standing: 'fails with it', trials: { with: { runs: 3, failed: 1 } } })
  t.is(ran.length, 6)
})

test('no more pairs are run than was said, and one after the other', async (t) => {
  const { session, ran } = sessionOf({ fails: () => false })
  t.like(await tryInTurn(session, spec({ most: 6 })), { standing: 'never failed', trials: { without: { runs: 6 } } })
  t.is(ran.length, 12)
})

test('with no time for another pair it ends with what was seen, and a run that was cut off counts for nothing', async (t) => {
  const spare = sessionOf({ fails: everyOther, sessionMs: 65 })
  t.like(await tryInTurn(spare.session, spec()), {
    standing: 'not told apart',
    trials: { without: { runs: 2, failed: 1 } },
  })
  const cut = sessionOf({ fails: everyOther, sessionMs: 15 })
  t.like(await tryInTurn(cut.session, spec()), {
    standing: 'never failed',
    trials: { without: { runs: 0 }, with: { runs: 0 } },
  })
})

test('the record of 100 pairs that fail in 300 tests each fits one line of a note', async (t) => {
  const id = (n: number) => `tests/test_a_module_with_a_long_name.py::TestSomething::test_that_this_holds[${n}]`
  const all = Array.from({ length: 300 }, (_, n) => ({
    id: id(n),
    outcome: 'failed' as const,
    message: 'assert 1 == 2',
  }))
  const tests = {
    runner: 'pytest',
    counts: { passed: 0, failed: 300, errors: 0, skipped: 0 },
    tests: all,
    named: false,
  }
  const { session } = sessionOf({ fails: (tree, n) => tree === RED && n > 93, tests })
  const heed: TrialsSpec['heed'] = ({ k }) => {
    if (k > 1)
      for (const side of ['without', 'with'] as const) abridgeRuns(session, trialFolder(side, k), `${side} ${k}`)
    return null
  }
  const tried = await tryInTurn(session, spec({ most: 100, folder: trialFolder, heed }))
  t.like(tried, { standing: 'told apart', trials: { without: { runs: 100, failed: 7 } } })
  session.record.set('repro.json', new TextEncoder().encode(JSON.stringify({ runs: session.runs })))
  t.true(encodeBundleLine(sealBundle(session.record)).length < 500_000)
})
