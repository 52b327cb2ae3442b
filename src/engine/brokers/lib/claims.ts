import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BrokerAccess } from './connection.ts'
import type { HeldClaim, RenewingThread } from './renewing-thread.ts'

/** In ms: a claim that is not renewed for so long is somebody else's. */
export const CLAIM_MS = 15_000
const EVERY_MS = 3000

const THREAD = import.meta.filename.endsWith('.cjs')
  ? join(import.meta.dirname, '..', 'threads', 'renewing-thread.cjs')
  : new URL('./renewing-thread.ts', import.meta.url)

/** Keeps the claims of this process alive. */
export interface Claims {
  hold(subject: string): void
  release(subject: string): void
  close(): Promise<void>
}

/** Starts the thread when the first claim is held. A thread that ended is replaced, with all claims that are held. */
export function claims(access: BrokerAccess): Claims {
  const held = new Set<string>()
  let thread: Worker | null = null
  let isClosed = false
  const start = (): Worker => {
    const given: RenewingThread = { access, everyMs: EVERY_MS }
    const started = new Worker(THREAD, { workerData: given })
    started.unref()
    for (const subject of held) started.postMessage({ subject, held: true } satisfies HeldClaim)
    started.on('error', () => {})
    started.on('exit', () => {
      if (thread !== started) return
      thread = null
      if (!isClosed && held.size > 0) setTimeout(() => held.size > 0 && !isClosed && tell(), EVERY_MS / 3).unref()
    })
    return started
  }
  const tell = (claim?: HeldClaim) => {
    if (thread === null) thread = start()
    else if (claim) thread.postMessage(claim)
  }
  return {
    hold(subject) {
      held.add(subject)
      tell({ subject, held: true })
    },
    release(subject) {
      held.delete(subject)
      thread?.postMessage({ subject, held: false } satisfies HeldClaim)
    },
    async close() {
      isClosed = true
      await thread?.terminate()
    },
  }
}
