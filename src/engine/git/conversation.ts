import type { Socket } from 'node:net'
import { PpError } from '../model/error.ts'
import type { Running } from '../platform/index.ts'

/** Something that was asked of a git process that keeps running. */
export interface GitQuestion {
  /** Called if the process ends before it has answered; `stderr`: what it printed there. */
  fail(cause: unknown, stderr: string): void
}

/** A git process that keeps running. It answers in the order of the questions. */
export interface GitConversation<Q extends GitQuestion> {
  put(text: string, question: Q): void
  /** Ends the process after its last answer. */
  end(): void
}

/** At most this many characters of stderr are kept. */
const MOST_SAID = 64 * 1024

/**
 * `reader` is called once with the questions that wait for an answer, and returns what takes the output; it removes a
 * question from the list once it has answered it. `gone` is called when the process has ended.
 */
export function converse<Q extends GitQuestion>(
  child: Running,
  name: string,
  reader: (waiting: Q[]) => (chunk: Buffer) => void,
  gone: () => void,
): GitConversation<Q> {
  const waiting: Q[] = []
  // All questions of one turn of the event loop go out in one write: with thousands of notes, each write would cost more than
  // its answer.
  let unsent = ''
  let said = ''
  const send = () => {
    if (unsent !== '') child.stdin.write(unsent)
    unsent = ''
  }
  // An idle process of ours must not keep the program alive; one that owes an answer, or its end, must.
  const handles = [child, child.stdout as unknown as Socket, child.stderr as unknown as Socket]
  const idle = () => {
    for (const handle of handles) handle.unref()
  }
  idle()
  const take = reader(waiting)
  child.stdout.on('data', (chunk: Buffer) => {
    take(chunk)
    if (waiting.length === 0) idle()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < MOST_SAID) said += chunk.toString('utf8')
  })
  const lost = (cause: unknown) => {
    gone()
    const stopped = cause instanceof Error && cause.name === 'AbortError'
    const message = stopped ? 'interrupted while git was running' : `git ${name} ended before it had answered`
    const error = new PpError(stopped ? 'INTERRUPTED' : 'GIT_FAILED', message, { cause })
    for (const question of waiting.splice(0)) question.fail(error, said)
  }
  child.on('error', lost)
  child.on('close', lost)
  child.stdin.on('error', () => {})
  return {
    put(text, question) {
      for (const handle of handles) handle.ref()
      waiting.push(question)
      if (unsent === '') queueMicrotask(send)
      unsent += text
    },
    end() {
      send()
      child.stdin.end()
    },
  }
}
