import { redactor, secretsInVariables } from '../core/redact/index.ts'
import { spellCommand } from '../model/command.ts'
import type { Ended } from '../model/evidence.ts'
import type { Caller } from '../model/options.ts'
import type { Clock } from '../ports/clock.ts'
import type { Sandbox } from '../ports/sandbox.ts'
import type { CallTrace } from '../ports/trace.ts'
import { escapeLine } from '../report/index.ts'

/** User and password in a URL, also if the password contains characters that should have been encoded. */
const USER_OF_URL = /(?<=\b[a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#]*@|[^\s/@]*:[^\s@]*@)+/gi

/** The trace for the caller, one line for each call; undefined: no trace is wanted. */
export function traceOf(
  { trace: write, env }: Pick<Caller, 'trace' | 'env'>,
  clock: Pick<Clock, 'elapsed'>,
): CallTrace | undefined {
  if (write === undefined) return undefined
  const always = redactor({ secrets: secretsInVariables(env) })
  return (what, words, own) => {
    const started = clock.elapsed()
    return (end) => {
      const ms = Math.round(clock.elapsed() - started)
      const bytes = always.redact(new TextEncoder().encode(words.join(' '))).bytes
      const shown = new TextDecoder().decode(own === undefined ? bytes : own.redact(bytes).bytes)
      write(`trace: ${what}, ${ms} ms, ${end}: ${escapeLine(shown.replaceAll(USER_OF_URL, ''))}`)
    }
  }
}

/** The same sandbox, with each of its runs traced. */
export function traced(sandbox: Sandbox, trace: CallTrace | undefined): Sandbox {
  if (trace === undefined) return sandbox
  return {
    ...sandbox,
    async run(job) {
      const over = trace('sandbox', [spellCommand(job.command)], job.redactor)
      const execution = await sandbox.run(job)
      over(endOf(execution.ended))
      return execution
    },
  }
}

function endOf(ended: Ended): string {
  switch (ended.how) {
    case 'exited':
      return `status ${ended.code}`
    case 'signalled':
      return ended.signal
    case 'timed-out':
    case 'limited':
    case 'not-run':
      return ended.how
  }
}
