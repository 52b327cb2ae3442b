import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { cancelSubject } from '../core/jobs/index.ts'
import type { Broker, BrokerFacts } from '../ports/broker.ts'
import { claims } from './lib/claims.ts'
import { type BrokerAccess, brokerFault, connectTo } from './lib/connection.ts'
import { jobBoard } from './lib/job-board.ts'
import { jobQueue } from './lib/job-queue.ts'
import { makeStreams, SHAPES, STREAMS, streamProblems } from './lib/streams.ts'

/** Stands for an asker and a key that nobody has. */
const CLOCK = 'clock'

/** A broker that speaks NATS and stores on disk with JetStream. Throws BROKER_FAILED. */
export async function natsBroker(access: BrokerAccess): Promise<Broker> {
  const connection = await connectTo(access)
  // The faults of a connection come back to whoever waits for an answer; nobody has to hear of them twice.
  void (async () => {
    for await (const _ of connection.status());
  })().catch(() => {})
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false }).catch((cause: unknown) => {
    throw brokerFault(`the broker ${access.url} has no JetStream`, cause)
  })
  const held = claims(access)
  return {
    queue: jobQueue({ connection, client, manager, claims: held, name: access.name }),
    board: jobBoard({ connection, client, manager, name: access.name }),
    prepare: (repositories) => prepare(manager, repositories),
    facts: () => facts(connection, manager),
    async close() {
      await held.close()
      await connection.drain().catch(() => connection.close())
    },
  }
}

/** Who may not make streams works with those that are there. */
async function prepare(manager: JetStreamManager, repositories: readonly string[]): Promise<void> {
  try {
    await makeStreams(manager, repositories)
  } catch (cause) {
    if (cause instanceof Error && /permission/i.test(`${cause.name} ${cause.message}`)) return
    throw brokerFault(`the streams ${SHAPES.map(({ name }) => name).join(', ')} could not be made`, cause)
  }
}

async function facts(connection: NatsConnection, manager: JetStreamManager): Promise<BrokerFacts> {
  const { info } = connection
  const hasStore = info?.jetstream === true
  return {
    version: info?.version ?? 'unknown',
    maxPayload: info?.max_payload ?? 0,
    jetstream: hasStore,
    tls: info?.tls_required === true,
    clockDifference: hasStore ? await clockDifference(connection, manager) : null,
    problems: hasStore ? await streamProblems(manager) : [],
  }
}

/** The broker writes its time into what it stores. Null: we may not store, or not read it. */
async function clockDifference(connection: NatsConnection, manager: JetStreamManager): Promise<number | null> {
  const found = await manager.streams.info(STREAMS.cancels).catch(() => null)
  if (found === null) return null
  const subject = cancelSubject({ asker: CLOCK, key: CLOCK })
  const began = Date.now()
  const stored = await connection.request(subject, '0', { timeout: 2000 }).catch(() => null)
  const there =
    stored && (await manager.direct.getMessage(STREAMS.cancels, { last_by_subj: subject }).catch(() => null))
  return there ? Math.round(there.time.getTime() - (began + Date.now()) / 2) : null
}
