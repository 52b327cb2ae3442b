import { randomUUID } from 'node:crypto'
import { AckPolicy, DeliverPolicy, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import { cancelSubject, jobMessageId, jobSubject, readResultSubject, SUBJECTS } from '../../core/jobs/index.ts'
import type { JobBoard, StoredResult } from '../../ports/broker.ts'
import { compressed, expanded } from './compressed.ts'
import { brokerFault, UNTIL_STORED } from './connection.ts'
import { queueName, STREAMS } from './streams.ts'

/** In ms: a consumer that nobody asks is removed by the broker. */
const IDLE_MS = 60_000

export interface BoardTools {
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
        const name = kept?.after === after ? kept.name : await reader(tools, asker, after)
        const found = await taken(tools, name, most, waitMs)
        readers.set(asker, { name, after: found.at(-1)?.sequence ?? after })
        return found
      } catch (cause) {
        readers.delete(asker)
        throw brokerFault('the results cannot be read', cause)
      }
    },
    async cancel(address) {
      await client.publish(cancelSubject(address), String(address.ordinal)).catch((cause: unknown) => {
        throw brokerFault('a job could not be cancelled', cause)
      })
    },
    async depth(repository) {
      const { num_pending, num_ack_pending } = await manager.consumers
        .info(STREAMS.jobs, queueName(repository))
        .catch((cause: unknown) => {
          throw brokerFault('the queue cannot be looked at', cause)
        })
      return { waiting: num_pending, claimed: num_ack_pending }
    },
    async standing(repository, asker) {
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

/** The client throws from the iterator if heartbeats are missed; the caller then asks again from where it was. */
async function taken({ client }: BoardTools, name: string, most: number, waitMs: number): Promise<StoredResult[]> {
  const consumer = await client.consumers.get(STREAMS.results, name)
  const found: StoredResult[] = []
  const messages = await consumer.fetch({ max_messages: most, expires: Math.max(waitMs, 1000) })
  for await (const message of messages) {
    const who = readResultSubject(message.subject)
    const bytes = expanded(message.data)
    if (who !== null)
      found.push({ sequence: message.seq, key: who.key, worker: who.worker, bytes: bytes ?? new Uint8Array() })
    if (message.info.pending === 0) break
  }
  return found
}
