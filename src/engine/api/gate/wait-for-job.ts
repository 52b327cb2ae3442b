import { setTimeout as sleep } from 'node:timers/promises'
import { formatSeconds } from '../../core/failure/index.ts'
import { letGo, listNames, sendBack } from '../../core/gate/index.ts'
import type { GateFinding } from '../../model/gate.ts'
import type { GateJob, GateProgress } from '../../state/index.ts'

/** Until when a stop waits, on the clock of `performance.now`, and how long the targets ran on the base, in ms; null: unknown. */
export interface Waiting {
  readonly until: number
  readonly took: number | null
}

const POLL_MS = 40
/** How much longer than until the first pair an agent waits for the whole proof, at most. */
const LONGER_MS = 20_000
/** In ms: how long a process may take to say who it is. */
const START_MS = 2000
/** How much longer than the runs of the base those of a change may take before it is its doing, and by how many ms at least. */
const LONGER_THAN_BASE = { times: 4, ms: 10_000 }

/** Waits for what a job finds no longer than the agent does. */
export async function waitForJob(job: GateJob, waiting: Waiting): Promise<GateFinding | 'died'> {
  const began = performance.now()
  // Whoever stops again without an edit was told already what a few tests show.
  const isNew = (await job.age()) < START_MS
  let soFarAt: number | null = null
  for (;;) {
    const alive = await job.runs()
    const finding = await job.finding()
    if (finding !== null) return finding
    const progress = await job.progress()
    const now = performance.now()
    const passed = now - began
    const isOver = now >= waiting.until
    if (soFarAt === null && progress?.is === 'so far') soFarAt = passed
    const enough = soFarAt !== null && passed - soFarAt >= Math.min(LONGER_MS, soFarAt)
    if (soFarAt !== null && (enough || isOver))
      return letGo(
        'PROVED_SO_FAR',
        'red without the change, green with it, red again without it; the remaining runs go on',
      )
    if (progress?.is === 'first look' && progress.failing.length > 0 && (isNew || isOver))
      return failsEarly(progress, waiting)
    if (isOver) return await lateAnswer(job, progress, waiting)
    if (!alive && passed > START_MS) return 'died'
    await sleep(POLL_MS)
  }
}

type FewTests = Extract<GateProgress, { readonly is: 'first look' }>

/** The failing tests of a slow suite, before all of it has run. */
function failsEarly({ failing }: FewTests, { took }: Waiting): GateFinding {
  const ids = failing.map(({ id }) => id).sort()
  const reason = `the command fails with your change: ${listNames(ids)}; these tests ran first, without the others, because all tests take ${lengthOf(took)}`
  return sendBack('NOT_FIXED', reason, { failure: ['NOT_FIXED', ...ids].join('\n'), failures: failing, open: true })
}

async function lateAnswer(job: GateJob, progress: GateProgress | null, { took }: Waiting): Promise<GateFinding> {
  const { times, ms } = LONGER_THAN_BASE
  if (took !== null && (await job.age()) > times * took + ms) {
    const reason = `the runs with your change do not end; when you began, they took ${formatSeconds(took)}`
    return sendBack('HANGS', reason, { open: true })
  }
  const passed = progress?.is === 'first look' ? progress.passed : 0
  const which = passed === 1 ? '1 test that failed before or is' : `${passed} tests that failed before or are`
  const first = passed === 0 ? '' : `${which} in a file that you changed ran first and passed; `
  const reason = `${first}the runs take longer than the answer may wait, and they go on; stop again, and their result may be there`
  return sendBack('STILL_RUNNING', reason, { open: true })
}

function lengthOf(took: number | null): string {
  return took === null ? 'longer than the answer may wait' : `about ${formatSeconds(took)}`
}
