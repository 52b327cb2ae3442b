/** A command that does what its word says, for tests of what every command shares; run as a program by verb.test.ts. */

import { type CommandAnswer, type CommandInput, loudness, runVerb, Verb } from '../../../src/commands/verb.ts'
import { PpError, STATUS_OF_ERROR } from '../../../src/engine/index.ts'

class Fake extends Verb {
  static override usage = ['fake [OPTIONS] [WORD]']
  static override words = { most: 1, command: false, about: { WORD: 'what to do' } }
  static override flags = loudness

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    await this.parse(Fake, [...typed.options])
    const [word = 'answer'] = typed.words
    const code = Object.keys(STATUS_OF_ERROR).find((known): known is keyof typeof STATUS_OF_ERROR => known === word)
    if (code !== undefined) throw new PpError(code, `went \x1b[31mwrong\nhere`, { mend: 'do this' })
    if (word === 'mistake') throw new TypeError('cannot read x of undefined')
    if (word === 'later') setTimeout(() => Promise.reject(new Error('nobody waited')), 10)
    if (word === 'stubborn') process.stderr.write('ready\n')
    if (word === 'stuck') await aborted(caller.signal, 'stuck')
    if (word === 'later' || word === 'stubborn') await new Promise(() => setInterval(() => {}, 1000))
    if (word === 'wait' || word === 'tidy') await aborted(caller.signal, word === 'tidy' ? 400 : 0)
    reporter.tell({ is: 'phase', name: 'working', detail: '' })
    const lines = ['first', ...Array.from({ length: word === 'long' ? 100_000 : 1 }, (_, n) => `line ${n}`)]
    return { status: 6, json: { verdict: 'FLAKY', reason: 'as asked \u202e', own: 1 }, lines: () => lines }
  }
}

/** Rejects `ms` after the abort, as what has to clean up does; or never lets anybody else have a turn. */
function aborted(signal: AbortSignal, ms: number | 'stuck'): Promise<never> {
  process.stderr.write('ready\n')
  return new Promise((_, reject) => {
    const alive = setInterval(() => {}, 1000)
    signal.addEventListener('abort', () => {
      while (ms === 'stuck') Math.sqrt(2)
      clearInterval(alive)
      setTimeout(() => {
        process.stderr.write('tidied\n')
        reject(new Error('a call of the engine that was cut off'))
      }, ms)
    })
  })
}

await runVerb(Fake, 'fake', process.argv.slice(2), '1.2.3')
