import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { RefUpdate } from '../ports/repository.ts'
import { converse, type GitConversation, type GitQuestion } from './conversation.ts'
import { type GitProgram, gitMessage } from './run-git.ts'

/** A `git update-ref --stdin` process that keeps running. */
export interface RefTransactions {
  /** All updates or none; null if they were made, else git's message. */
  attempt(updates: readonly RefUpdate[]): Promise<string | null>
  dispose(): void
}

interface RefQuestion extends GitQuestion {
  done(): void
}

type RefConversation = GitConversation<RefQuestion>

/** `none`: the id of all zeros. */
export function refTransactions(git: GitProgram, none: Oid): RefTransactions {
  let running: RefConversation | null = null
  let last: Promise<unknown> = Promise.resolve()
  const start = () => {
    const child = git.start(['update-ref', '--stdin', '-z'])
    const started: RefConversation = converse(child, 'update-ref', answers, () => {
      if (running === started) running = null
    })
    return started
  }
  const attempt = async (updates: readonly RefUpdate[]): Promise<string | null> => {
    const known = running
    running ??= start()
    const refusal = await commit(running, updates, none)
    // Git keeps some of what it has read of the refs, so only a process that has just been started is believed.
    if (refusal === null || known === null) return refusal
    running = start()
    return commit(running, updates, none)
  }
  return {
    attempt(updates) {
      if (updates.length === 0) return Promise.resolve(null)
      // Git ends at a transaction that fails, so the next one must not have been sent yet.
      const next = last.then(() => attempt(updates))
      last = next.catch(() => {})
      return next
    },
    dispose() {
      running?.end()
      running = null
    },
  }
}

/** Everything goes out in one write: if we are killed in the middle of it, git sees no `commit`, and changes nothing. */
function commit(conversation: RefConversation, updates: readonly RefUpdate[], none: Oid): Promise<string | null> {
  const words = ['start', ...updates.flatMap((update) => ['option no-deref', ...instruction(update, none)])]
  const text = [...words, 'prepare', 'commit'].map((word) => `${word}\0`).join('')
  return new Promise((resolve, reject) => {
    conversation.put(text, {
      done: () => resolve(null),
      fail: (cause, stderr) =>
        cause instanceof PpError && cause.code === 'INTERRUPTED' ? reject(cause) : resolve(gitMessage(stderr)),
    })
  })
}

/**
 * The command for `update-ref --stdin -z`. As the old value, empty means any value, and zeros mean that the ref must not
 * exist.
 */
function instruction({ ref, to, from }: RefUpdate, none: Oid): readonly string[] {
  const old = from === undefined ? '' : (from ?? none)
  if (to === null) return from === null ? [`verify ${ref}`, none] : [`delete ${ref}`, old]
  return [`update ${ref}`, to, old]
}

/** Git says `start: ok`, `prepare: ok` and `commit: ok`, each on its own line. */
function answers(waiting: RefQuestion[]): (chunk: Buffer) => void {
  let text = ''
  return (chunk) => {
    const lines = (text + chunk.toString('latin1')).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) if (line === 'commit: ok') waiting.shift()?.done()
  }
}
