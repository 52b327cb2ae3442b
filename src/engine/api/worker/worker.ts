import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ulid } from '../../core/bytes/index.ts'
import { readRepositories, repositoryToken } from '../../core/jobs/index.ts'
import { work } from '../../flows/jobs/index.ts'
import { PpError } from '../../model/error.ts'
import { BrokerName } from '../../model/job.ts'
import type { Caller } from '../../model/options.ts'
import type { SignMode } from '../../model/policy-values.ts'
import type { WorkerEvent } from '../../model/worker.ts'
import type { Signer } from '../../ports/signer.ts'
import {
  brokerSettings,
  brokerUrl,
  clock,
  openBroker,
  sandboxWorks,
  signerAt,
  withScratchDirectory,
} from '../../wiring/index.ts'
import { serveMetrics, workerCounters } from './metrics.ts'
import { proveJob } from './prove-job.ts'
import { served } from './served.ts'

/** What a worker is started with, as typed. */
export interface WorkerOptions {
  readonly on?: string
  /** The list of repositories. */
  readonly repositories: string
  readonly keyFile: string
  readonly mode: Exclude<SignMode, 'none'>
  readonly name?: string
  readonly jobs: number
  /** The port on this machine where counters can be read; absent: none. */
  readonly metrics?: number
  /** Fires: the jobs under way are given back. The signal of the caller only ends the taking of new ones. */
  readonly stop: AbortSignal
}

/** How the jobs of a worker ended. */
export interface WorkerResult {
  readonly name: string
  readonly answered: number
  readonly refused: number
  readonly givenBack: number
  readonly cancelled: number
}

/**
 * Proves for others until it is told to stop. Repositories, key and credentials are read before the first job. Throws USAGE,
 * SANDBOX_UNAVAILABLE, BROKER_FAILED.
 */
export async function worker(
  caller: Caller,
  options: WorkerOptions,
  tell: (event: WorkerEvent) => void,
): Promise<WorkerResult> {
  const settings = await brokerSettings(caller)
  const url = brokerUrl(options.on, settings)
  const list = resolve(caller.cwd, options.repositories)
  const { repositories } = readRepositories(await textOf(list), options.repositories)
  // A file that is not there is a fault of this machine, not of the first job.
  for (const { policy } of repositories) if (policy !== undefined) await textOf(resolve(dirname(list), policy))
  return withScratchDirectory(caller, async ({ scratch }) => {
    const key = resolve(caller.cwd, options.keyFile)
    const signer = await signerAt(caller, { mode: options.mode, place: { file: key }, scratch })
    const name = workerName(options.name, signer)
    await sandboxWorks(caller, scratch)
    const counters = workerCounters(name)
    const endMetrics = options.metrics === undefined ? null : await serveMetrics(options.metrics, counters)
    const broker = await openBroker(caller, url, name, settings)
    try {
      const tokens = repositories.map((one) => repositoryToken(one.url, one.environment))
      await broker.prepare(tokens)
      const all = new Map(
        repositories.map((one) => [repositoryToken(one.url, one.environment), served(caller, name, one, options.stop)]),
      )
      const prover = { caller, served: all, signer, listDir: dirname(list) }
      const tools = {
        ...{ queue: broker.queue, name, signer, clock },
        runId: () => ulid(clock.now(), clock.random(10)),
        prove: (job: Parameters<typeof proveJob>[1], asker: string, signal: AbortSignal) =>
          proveJob(prover, job, asker, signal),
        pause: (ms: number, until?: AbortSignal) =>
          sleep(ms, undefined, until ? { signal: until } : {}).catch(() => {}),
      }
      tell({ is: 'ready', name, key: signer.fingerprint, repositories: repositories.map((one) => one.url) })
      const terms = { repositories: tokens, slots: options.jobs, drain: caller.signal, stop: options.stop }
      const {
        answered,
        refused,
        cancelled,
        'given back': givenBack,
      } = await work(tools, terms, (event) => {
        counters.count(event)
        tell(event)
      })
      return { name, answered, refused, givenBack, cancelled }
    } finally {
      await broker.close()
      await endMetrics?.()
    }
  })
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw new PpError(
      'USAGE',
      `the list of repositories, or a policy that it names, cannot be read: ${cause.message}`,
      {
        cause,
      },
    )
  })
}

/** It has to stay the same when the worker is started again, and to differ from that of every other worker. */
function workerName(typed: string | undefined, { keyid }: Signer): BrokerName {
  const said =
    typed ??
    `${hostname()
      .replace(/[^A-Za-z0-9_-]/g, '-')
      .slice(0, 40)}-${keyid.slice(0, 8)}`
  const name = BrokerName.safeParse(said)
  if (name.success) return name.data
  throw new PpError('USAGE', `--name ${JSON.stringify(said)}: a name has letters, digits, - and _, at most 64`)
}
