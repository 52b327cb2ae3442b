import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { natsBroker } from '../../src/engine/brokers/index.ts'
import { work } from '../../src/engine/flows/jobs/index.ts'

/**
 * A worker whose sessions do nothing, for evaluation/shown/machines.ts: it answers with the time at which it had the job, in ms.
 * With HOLD, it takes so many jobs at once, says so, and never ends them.
 * usage: machines-worker.ts URL NAME TOKEN [HOLD]
 */
const [url = '', name = '', token = '', hold] = process.argv.slice(2)
const broker = await natsBroker({ url, name, nkey: null, creds: null, tls: null })
const drain = new AbortController()
process.on('SIGTERM', () => drain.abort())
const nothing = { session: null, base: null, commit: null, final: false, made: null, lines: null, mend: null }
const tools = {
  ...{ queue: broker.queue, name },
  signer: {
    mode: 'ed25519' as const,
    keyid: name,
    fingerprint: name,
    sign: async () => new TextEncoder().encode(name),
  },
  clock: { now: () => new Date(), elapsed: () => performance.now(), random: (n: number) => new Uint8Array(n) },
  runId: () => randomUUID(),
  async prove() {
    if (hold !== undefined) {
      process.stdout.write('has it\n')
      await new Promise(() => {})
    }
    return { ...nothing, verdict: 'DENIED' as const, reason: String(Date.now()) }
  },
  pause: (ms: number, until?: AbortSignal) =>
    sleep(ms, undefined, until ? { signal: until, ref: false } : {}).catch(() => {}),
}
const terms = {
  repositories: [token],
  slots: Number(hold ?? 8),
  drain: drain.signal,
  stop: new AbortController().signal,
}
await work(tools, terms, () => {})
await broker.close()
