import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchFlow } from '../flows/fetch.ts'
import { forgetFlow } from '../flows/forget.ts'
import { pushFlow } from '../flows/push.ts'
import type { Caller, Fetched, Forgotten, Pushed, PushOptions } from '../model/options.ts'
import { onGround } from './ground.ts'

/** Sends proofs. `words`: REMOTE, where the first names one, and PROOFs. */
export function push(caller: Caller, words: readonly string[], options: Omit<PushOptions, 'proofs'>): Promise<Pushed> {
  return onGround(caller, async ({ repository, shelf }) => {
    const { remotes } = repository
    const [word, proofs] = withRemote(remotes.knows, words)
    const remote = await remotes.open(word, 'push')
    return pushFlow({ shelf, remotes, remote, pause }, { ...options, proofs })
  })
}

/** Brings proofs. `words`: REMOTE or URL, where the first names one, and COMMITs. */
export function fetchProofs(caller: Caller, words: readonly string[]): Promise<Fetched> {
  return onGround(caller, async ({ repository, shelf }) => {
    const [word, wanted] = withRemote(repository.remotes.knows, words)
    const remote = await repository.remotes.open(word, 'fetch')
    return fetchFlow({ shelf, objects: repository.objects, remote }, wanted)
  })
}

/** Withdraws a proof, here and on `remote` where one is named. */
export function forget(
  caller: Caller,
  options: { readonly proof: string; readonly remote: string | null },
  confirm: (question: string) => Promise<void>,
): Promise<Forgotten> {
  return onGround(caller, async ({ repository, shelf }) => {
    const remote = options.remote === null ? null : await repository.remotes.open(options.remote, 'push')
    return forgetFlow({ shelf, remote, confirm, pause }, options.proof)
  })
}

function withRemote(knows: (word: string) => boolean, words: readonly string[]): [string | null, readonly string[]] {
  const [first, ...others] = words
  return first !== undefined && knows(first) ? [first, others] : [null, words]
}

/** Grows to 1.5 s, and differs from writer to writer. */
async function pause(n: number): Promise<void> {
  await sleep(randomInt(20, 100 + Math.min(n, 14) * 100))
}
