import { randomUUID } from 'node:crypto'
import { AckPolicy, DeliverPolicy, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node'
import {
  bundlePart,
  cancelSubject,
  jobMessageId,
  jobSubject,
  readResultSubject,
  resultPart,
  SUBJECTS,
} from '../../core/jobs/index.ts'
import type { ObjectInParts } from '../../model/job.ts'
import type { JobBoard, QueueDepth, StoredResult } from '../../ports/broker.ts'
import { readDelivery } from './acknowledgement.ts'
import { compressed, expanded } from './compressed.ts'
import { brokerFault, inboxPrefix, UNTIL_STORED } from './connection.ts'
import { hasObject, loadObject, OBJECT_HEADER, readReference, storeObject } from './stored-objects.ts'
import { queueName, STREAMS } from './streams.ts'

/** In ms: a consumer that nobody asks is removed by the broker. */
const IDLE_MS = 60_000

/** In ms, beside the time that the broker may wait: after that, the broker is taken to be away. */
const PATIENCE_MS = 5000
/** In bytes. */
const MOST_RESULT = 8 * 1024 * 1024

export interface BoardTools {
  readonly connection: NatsConnection
  /** Our name. */
  readonly name: string
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
}

export function jobBoard(tools: BoardTools): JobBoard {
  const { client, manager } = tools
  const readers = new Map<string, { readonly name: string; readonly after: number }>()
  return {
    async ask(address, bytes) {
      const sent = { msgID: jobMessageId(address), ...UNTIL_STORED }
      try {
        const { duplicate } = await client.publish(jobSubject(address), compressed(bytes), sent)
        return duplicate ? 'known' : 'queued'
      } catch (cause) {
        if (cause instanceof Error && /maximum messages per subject/i.test(cause.message)) return 'known'
        throw brokerFault('a job could not be put into the queue', cause)
      }
    },
    async newest() {
      const found = await manager.streams.info(STREAMS.results).catch((cause: unknown) => {
        throw brokerFault('the results cannot be read', cause)
      })
      return found.state.last_seq
    },
    async results(asker, after, most, waitMs) {
      const kept = readers.get(asker)
      try {
        const read = async (name: string) => taken(tools, name, most, waitMs)
        let name = kept?.after === after ? kept.name : await reader(tools, asker, after)
        let found = await read(name)
        if (found === null) {
          // The broker was started anew, or nobody has asked for a while.
          name = await reader(tools, asker, after)
          found = (await read(name)) ?? []
        }
        readers.set(asker, { name, after: found.at(-1)?.sequence ?? after })
        return found
      } catch (cause) {
        readers.delete(asker)
        throw brokerFault('the results cannot be read', cause)
      }
    },
    store: (asker, bytes) =>
      storeObject(client, (one, part) => bundlePart(asker, one, part), bytes).catch((cause: unknown) => {
        throw brokerFault('what workers need could not be stored', cause)
      }),
    has: (asker, object) =>
      hasObject(manager, (one, part) => bundlePart(asker, one, part), object).catch((cause: unknown) => {
        throw brokerFault('what workers need cannot be looked at', cause)
      }),
    async cancel(address) {
      await client.publish(cancelSubject(address), String(address.ordinal)).catch((cause: unknown) => {
        throw brokerFault('a job could not be cancelled', cause)
      })
    },
    depth: (repository) => depthOf(manager, repository),
    async standing(repository, asker) {
      // A broker that crashed may find jobs in its stream again that the queue knows to be done; nobody gets them.
      const { waiting, claimed } = await depthOf(manager, repository)
      if (waiting + claimed === 0) return new Set()
      const prefix = `${SUBJECTS.jobs}.${repository}.${asker}.`
      const { state } = await manager.streams
        .info(STREAMS.jobs, { subjects_filter: `${prefix}>` })
        .catch((cause: unknown) => {
          throw brokerFault('the queue cannot be looked at', cause)
        })
      return new Set(Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length)))
    },
  }
}

async function depthOf(manager: JetStreamManager, repository: string): Promise<QueueDepth> {
  const { num_pending, num_ack_pending } = await manager.consumers
    .info(STREAMS.jobs, queueName(repository))
    .catch((cause: unknown) => {
      throw brokerFault('the queue cannot be looked at', cause)
    })
  return { waiting: num_pending, claimed: num_ack_pending }
}

async function reader({ manager }: BoardTools, asker: string, after: number): Promise<string> {
  // With a name and a filter, the broker can be told who may read what. Nobody can guess the name.
  const made = await manager.consumers.add(STREAMS.results, {
    name: `${asker}-${randomUUID()}`,
    ...{ filter_subject: `${SUBJECTS.results}.${asker}.>`, ack_policy: AckPolicy.None, mem_storage: true },
    ...{
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: after + 1,
      inactive_threshold: IDLE_MS * 1_000_000,
    },
  })
  return made.name
}

/**
 * What is there; if nothing is, the next one. No request outlives its answer, since what the broker sends to a request that nobody
 * listens to any more is lost for this reader. Iterators of the client throw if a busy machine misses heartbeats. Null: the broker
 * knows no such reader.
 */
async function taken(tools: BoardTools, name: string, most: number, waitMs: number): Promise<StoredResult[] | null> {
  const there = await pulled(tools, name, { batch: most, no_wait: true }, 0)
  const next = { batch: 1, expires: Math.max(waitMs, 1000) * 1_000_000 }
  const messages = there?.length === 0 ? await pulled(tools, name, next, waitMs) : there
  if (messages === null) return null
  const found: StoredResult[] = []
  for (const message of messages) {
    const who = readResultSubject(message.subject)
    if (who === null || message.reply === undefined) continue
    const object = readReference(message.headers?.get(OBJECT_HEADER))
    const of = (one: Pick<ObjectInParts, 'digest'>, part: number) => resultPart(who.asker, who.worker, one, part)
    const data = object === null ? message.data : await loadObject(tools.manager, of, object, MOST_RESULT)
    const bytes = (data && expanded(data)) ?? new Uint8Array()
    found.push({ sequence: readDelivery(message.reply).sequence, key: who.key, worker: who.worker, bytes })
  }
  return found
}

/** All messages of one pull; null: the broker knows no such reader. */
function pulled(
  { connection, name: us }: BoardTools,
  reader: string,
  wanted: { readonly batch: number; readonly no_wait?: true; readonly expires?: number },
  waitMs: number,
): Promise<Msg[] | null> {
  return new Promise((resolve, reject) => {
    const found: Msg[] = []
    const end = (how: () => void) => {
      clearTimeout(limit)
      asking.unsubscribe()
      how()
    }
    const away = () => end(() => reject(new Error('the broker does not answer')))
    let limit = setTimeout(away, waitMs + PATIENCE_MS)
    const asking = connection.subscribe(createInbox(inboxPrefix(us)), {
      callback(error, message) {
        if (error !== null) return end(() => reject(error))
        const code = message.headers?.code ?? 0
        // 404 and 408: nothing there, or time is up. 409: the reader was removed. 503: it is not there.
        if (code > 0) return end(() => resolve(code === 404 || code === 408 ? found : null))
        found.push(message)
        const isLast = message.reply === undefined || readDelivery(message.reply).pending === 0
        if (isLast || found.length >= wanted.batch) return end(() => resolve(found))
        clearTimeout(limit)
        limit = setTimeout(away, PATIENCE_MS)
      },
    })
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${STREAMS.results}.${reader}`, JSON.stringify(wanted), {
      reply: asking.getSubject(),
    })
  })
}
