import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Broker, BrokerFacts } from '../ports/broker.ts'
import { claims } from './lib/claims.ts'
import { type BrokerAccess, brokerFault, connectTo } from './lib/connection.ts'
import { jobBoard } from './lib/job-board.ts'
import { jobQueue } from './lib/job-queue.ts'
import { makeStreams, SHAPES, streamProblems } from './lib/streams.ts'

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
    board: jobBoard({ client, manager }),
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
    clockDifference: hasStore ? await clockDifference(manager) : null,
    problems: hasStore ? await streamProblems(manager) : [],
  }
}

/** By the time that the broker wrote into a message that we store now: half of the way there and back is taken off. */
async function clockDifference(manager: JetStreamManager): Promise<number | null> {
  const began = Date.now()
  const found = await manager.streams.info(SHAPES[0]?.name ?? '').catch(() => null)
  const { ts } = (found ?? {}) as { ts?: string }
  const there = ts === undefined ? Number.NaN : Date.parse(ts)
  return Number.isNaN(there) ? null : Math.round(there - (began + Date.now()) / 2)
}
