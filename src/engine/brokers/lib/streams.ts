import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream'
import { SUBJECTS } from '../../core/jobs/index.ts'
import { CLAIM_MS } from './claims.ts'

export const STREAMS = {
  ...{ jobs: 'PP_JOBS', runs: 'PP_RUNS', results: 'PP_RESULTS', cancels: 'PP_CANCELS', objects: 'PP_OBJECTS' },
} as const

const ns = (ms: number) => ms * 1_000_000
const DAYS = 24 * 60 * 60_000

type StreamShape = Pick<StreamConfig, 'name' | 'subjects'> & Partial<StreamConfig>

const kept = (of: keyof typeof STREAMS, each: number): StreamShape => ({
  ...{ name: STREAMS[of], subjects: [`${SUBJECTS[of]}.>`], storage: StorageType.File, max_age: ns(7 * DAYS) },
  ...{ max_msgs_per_subject: each, allow_direct: true },
})

/**
 * Everything is removed by the broker after a week. A job leaves its stream when it is done. The same asking of a job stands there once: the newer one is refused. What runs and
 * workers say is bounded for each worker by its own older words, so that none can push out those of another.
 */
export const SHAPES: readonly StreamShape[] = [
  {
    ...kept('jobs', 1),
    ...{ retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New, discard_new_per_subject: true },
    ...{ duplicate_window: ns(60 * 60_000), allow_direct: false },
  },
  kept('runs', 32),
  kept('results', 4),
  kept('cancels', 1),
  kept('objects', 1),
]

/** The queue of one repository. */
export function queueName(repository: string): string {
  return `repository-${repository}`
}

/** Makes what is absent. Throws what the client throws. */
export async function makeStreams(manager: JetStreamManager, repositories: readonly string[]): Promise<void> {
  for (const shape of SHAPES)
    await unlessThere(
      () => manager.streams.info(shape.name),
      () => manager.streams.add(shape),
    )
  for (const repository of repositories) {
    const name = queueName(repository)
    await unlessThere(
      () => manager.consumers.info(STREAMS.jobs, name),
      () =>
        manager.consumers.add(STREAMS.jobs, {
          ...{ durable_name: name, filter_subject: `${SUBJECTS.jobs}.${repository}.>`, max_deliver: -1 },
          ...{ ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.All, ack_wait: ns(CLAIM_MS) },
          ...{ max_ack_pending: 20_000 },
        }),
    )
  }
}

/** Others may make the same at the same time: then the broker refuses the second one, and it is there all the same. */
async function unlessThere(look: () => Promise<unknown>, make: () => Promise<unknown>): Promise<void> {
  const isThere = () =>
    look().then(
      () => true,
      () => false,
    )
  if (await isThere()) return
  await make().catch(async (error: unknown) => {
    if (!(await isThere())) throw error
  })
}

/** What differs from what is needed, one sentence each. */
export async function streamProblems(manager: JetStreamManager): Promise<readonly string[]> {
  const problems: string[] = []
  for (const shape of SHAPES) {
    const found = await manager.streams.info(shape.name).catch(() => null)
    if (found === null) {
      problems.push(`there is no stream ${shape.name}, or you may not look at it; the first call with --on makes it`)
      continue
    }
    const { config } = found
    const wrong = (['retention', 'max_msgs_per_subject', 'discard'] as const).filter(
      (key) => shape[key] !== undefined && config[key] !== shape[key],
    )
    if (wrong.length > 0) problems.push(`the stream ${shape.name} was made with another value of ${wrong.join(', ')}`)
    if (!config.subjects.some((subject) => shape.subjects?.includes(subject)))
      problems.push(`the stream ${shape.name} does not store ${shape.subjects?.join(', ')}`)
  }
  return problems
}
