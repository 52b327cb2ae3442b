import { parentPort, workerData } from 'node:worker_threads'
import { type BrokerAccess, connectTo } from './connection.ts'

/** What the thread is given. */
export interface RenewingThread {
  readonly access: BrokerAccess
  readonly everyMs: number
}

/** What the thread is told: the subject that renews a claim, and whether the claim is held. */
export interface HeldClaim {
  readonly subject: string
  readonly held: boolean
}

const RENEW = new TextEncoder().encode('+WPI')

/** Renews claims over a connection of its own, so that nothing that a proof does can delay it. */
async function renew({ access, everyMs }: RenewingThread): Promise<void> {
  const held = new Set<string>()
  parentPort?.on('message', ({ subject, held: holds }: HeldClaim) => {
    if (holds) held.add(subject)
    else held.delete(subject)
  })
  const connection = await connectTo(access)
  setInterval(() => {
    for (const subject of held) {
      try {
        connection.publish(subject, RENEW)
      } catch {
        // It is connecting again; what waits then is sent later, and a claim that was lost meanwhile is somebody else's.
      }
    }
  }, everyMs)
}

void renew(workerData as RenewingThread)
