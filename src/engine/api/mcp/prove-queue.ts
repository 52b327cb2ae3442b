import type { PpError } from '../../model/error.ts'
import type { SessionResult } from '../../model/session.ts'
import type { Reporter, SessionEvent } from '../../ports/reporter.ts'

/** How many wait while one runs, and how many that have ended are remembered. */
const MOST_WAITING = 2
const REMEMBERED = 32

export type ProveState =
  | { readonly is: 'waiting'; readonly ahead: number }
  | { readonly is: 'running'; readonly last: SessionEvent | null }
  | { readonly is: 'done'; readonly result: SessionResult }
  | { readonly is: 'failed'; readonly error: unknown }

/** One prove that was asked for. */
export interface AskedProve {
  readonly id: string
  /** Never rejects. */
  readonly ended: Promise<void>
  state(): ProveState
  /** Calls `hear` at each event, until the function that it answers is called. */
  listen(hear: (event: SessionEvent) => void): () => void
  /** Takes it out of the queue, or ends its runs. */
  stop(reason: PpError): void
}

/** The proves of one server: one runs, two wait. Two at once could make a test fail by time or memory. */
export interface ProveQueue<Question> {
  /** Null: no more may wait. */
  add(question: Question): AskedProve | null
  /** Null: it never existed, or it ended long ago. */
  find(id: string): AskedProve | null
  /** Ends all of them. */
  stop(reason: PpError): Promise<void>
}

/** Does the work of one prove. `stop` is aborted with a PpError. */
export type ProveWork<Question> = (question: Question, stop: AbortSignal, reporter: Reporter) => Promise<SessionResult>

/** `newId`: ids that nobody can guess. */
export function proveQueue<Question>(prove: ProveWork<Question>, newId: () => string): ProveQueue<Question> {
  const known = new Map<string, StartableProve>()
  const unfinished: StartableProve[] = []

  /** The first of those that have not ended runs. */
  const startFirst = () => unfinished[0]?.start()
  const forgetOldest = () => {
    const old = [...known.values()].filter((one) => !unfinished.includes(one)).slice(0, -REMEMBERED)
    for (const { id } of old) known.delete(id)
  }
  return {
    add(question) {
      if (unfinished.length > MOST_WAITING) return null
      const one = proving(
        newId(),
        (stop, reporter) => prove(question, stop, reporter),
        () => unfinished.indexOf(one),
      )
      known.set(one.id, one)
      unfinished.push(one)
      void one.ended.then(() => {
        unfinished.splice(unfinished.indexOf(one), 1)
        forgetOldest()
        startFirst()
      })
      startFirst()
      return one
    },
    find: (id) => known.get(id) ?? null,
    async stop(reason) {
      const all = [...unfinished]
      for (const one of all) one.stop(reason)
      await Promise.all(all.map((one) => one.ended))
    },
  }
}

interface StartableProve extends AskedProve {
  /** Does nothing if it has started. */
  start(): void
}

function proving(
  id: string,
  work: (stop: AbortSignal, reporter: Reporter) => Promise<SessionResult>,
  ahead: () => number,
): StartableProve {
  const stopping = new AbortController()
  const listeners = new Set<(event: SessionEvent) => void>()
  let state: Exclude<ProveState, { is: 'waiting' }> | null = null
  const { promise: ended, resolve: end } = withResolvers()
  const settle = (last: ProveState & { is: 'done' | 'failed' }) => {
    state = last
    end()
  }
  const tell = (event: SessionEvent) => {
    state = { is: 'running', last: event }
    for (const hear of listeners) hear(event)
  }
  return {
    id,
    ended,
    state: () => state ?? { is: 'waiting', ahead: ahead() },
    listen(hear) {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    stop(reason) {
      stopping.abort(reason)
      if (state === null) settle({ is: 'failed', error: reason })
    },
    start() {
      if (state !== null) return
      state = { is: 'running', last: null }
      work(stopping.signal, { tell }).then(
        (result) => settle({ is: 'done', result }),
        (error: unknown) => settle({ is: 'failed', error }),
      )
    },
  }
}

/** `Promise.withResolvers` of later versions of Node. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
