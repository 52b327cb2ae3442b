import { setTimeout as sleep } from 'node:timers/promises'
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node'
import {
  bundlePart,
  cancelSubject,
  readJobSubject,
  readRunSubject,
  resultMessageId,
  resultPart,
  resultSubject,
  runSubject,
} from '../../core/jobs/index.ts'
import { JobRun, type ToldRun } from '../../model/job.ts'
import type { ClaimedJob, JobQueue } from '../../ports/broker.ts'
import { readDelivery } from './acknowledgement.ts'
import type { Claims } from './claims.ts'
import { compressed, expanded } from './compressed.ts'
import { brokerFault, UNTIL_STORED } from './connection.ts'
import { LARGE, loadObject, OBJECT_HEADER, storeObject } from './stored-objects.ts'
import { queueName, STREAMS } from './streams.ts'

/** In ms: how often several queues are asked in turn. */
const TURN_MS = 250
const PATIENCE = 10_000
/** In ms, beside the time that the broker may wait: after that, the broker is taken to be away. */
const PULL_MS = 5000
/** In bytes: an object of an asker. */
const MOST_STORED = 1024 * 1024 * 1024

export interface QueueTools {
  readonly connection: NatsConnection
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
  readonly claims: Claims
  readonly name: string
}

export function jobQueue(tools: QueueTools): JobQueue {
  const { client, manager, name } = tools
  return {
    next: (repositories, waitMs) => next(tools, repositories, waitMs),
    async tell(address, run) {
      await client.publish(runSubject(address, name), JSON.stringify(run)).catch(failed('a run could not be told'))
    },
    told: (address) => told(tools, runSubject(address, '*').replace(/\.\d+\.\*$/, '.*.*')),
    async answer(address, run, bytes) {
      const msgID = resultMessageId(address, name, run)
      const sent = compressed(bytes)
      try {
        const isLarge = sent.length > LARGE
        const of = headers()
        if (isLarge) {
          const object = await storeObject(client, (one, part) => resultPart(address.asker, name, one, part), sent)
          of.set(OBJECT_HEADER, JSON.stringify(object))
        }
        const data = isLarge ? new Uint8Array() : sent
        await client.publish(resultSubject(address, name), data, { msgID, headers: of, ...UNTIL_STORED })
      } catch (cause) {
        failed('a result could not be stored')(cause)
      }
    },
    load: (asker, object) =>
      loadObject(manager, (one, part) => bundlePart(asker, one, part), object, MOST_STORED).catch(
        failed('what an asker stored cannot be read'),
      ),
    async isCancelled(address) {
      const found = await manager.direct
        .getMessage(STREAMS.cancels, { last_by_subj: cancelSubject(address) })
        .catch(failed('the broker does not say what was cancelled'))
      return found !== null && Number(found.string()) >= address.ordinal
    },
  }
}

function failed(what: string) {
  return (cause: unknown): never => {
    throw brokerFault(what, cause)
  }
}

async function next(tools: QueueTools, repositories: readonly string[], waitMs: number): Promise<ClaimedJob | null> {
  const [only, second] = repositories
  if (only !== undefined && second === undefined) return pull(tools, only, waitMs)
  const until = performance.now() + waitMs
  do {
    for (const repository of repositories) {
      const found = await pull(tools, repository, null)
      if (found !== null) return found
    }
    await sleep(TURN_MS)
  } while (performance.now() < until)
  return null
}

/**
 * Asks for one message by a request of its own: no iterator that ends or throws by itself, and no heartbeat that can be missed. What
 * comes after we have stopped waiting is delivered again.
 */
async function pull(tools: QueueTools, repository: string, waitMs: number | null): Promise<ClaimedJob | null> {
  const subject = `$JS.API.CONSUMER.MSG.NEXT.${STREAMS.jobs}.${queueName(repository)}`
  const wanted = waitMs === null ? { batch: 1, no_wait: true } : { batch: 1, expires: waitMs * 1_000_000 }
  const message = await tools.connection
    .request(subject, JSON.stringify(wanted), { timeout: (waitMs ?? 0) + PULL_MS, noMux: true })
    .catch(failed('the broker gives no jobs'))
  const { reply } = message
  // Without a reply it is a status: nothing there, or time is up.
  if (reply === undefined || reply === '' || (message.headers?.code ?? 0) > 0) return null
  return claimed(tools, message, reply)
}

/** `reply`: where the broker hears what became of the message. */
function claimed({ claims, connection }: QueueTools, message: Msg, reply: string): ClaimedJob | null {
  const address = readJobSubject(message.subject)
  const bytes = expanded(message.data)
  if (address === null || bytes === null) {
    // Nobody can be answered.
    connection.publish(reply, '+TERM')
    return null
  }
  claims.hold(reply)
  const { deliveries, at } = readDelivery(reply)
  return {
    address,
    bytes,
    deliveries,
    queuedAt: at,
    async done() {
      claims.release(reply)
      await connection
        .request(reply, '+ACK', { timeout: PATIENCE })
        .catch(failed('the broker does not confirm that a job is done'))
    },
    async giveBack(afterMs) {
      claims.release(reply)
      connection.publish(reply, `-NAK ${JSON.stringify({ delay: afterMs * 1_000_000 })}`)
      await connection.flush().catch(() => {})
    },
  }
}

/** One by one, since a worker may not make a consumer. */
async function told({ manager }: QueueTools, subject: string): Promise<readonly ToldRun[]> {
  const all: ToldRun[] = []
  let seq = 1
  for (;;) {
    const found = await manager.direct
      .getMessage(STREAMS.runs, { seq, next_by_subj: subject })
      .catch(failed('the broker does not say who had a job'))
    if (found === null) return all
    seq = found.seq + 1
    const who = readRunSubject(found.subject)
    const run = JobRun.safeParse(parsed(found.string()))
    if (who !== null && run.success) all.push({ ...run.data, ...who, at: found.time.getTime() })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
