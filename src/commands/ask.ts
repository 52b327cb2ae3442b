import { createInterface } from 'node:readline/promises'
import { escapeLine, PpError } from '../engine/index.ts'
import { isTerminal, outputStream } from './output.ts'

/** Asks on the terminal. Throws USAGE without a yes, and where there is no terminal; `before`: 'git pp forget asks before …'. */
export async function ask(question: string, before: string): Promise<void> {
  if (!canAsk()) throw new PpError('USAGE', `${before}, but there is no terminal to ask on; add --yes`)
  const lines = createInterface({ input: process.stdin, output: outputStream(2) })
  const answer = await lines.question(`${escapeLine(question)} [y/N] `).finally(() => lines.close())
  if (!/^y(es)?$/i.test(answer.trim())) throw new PpError('USAGE', 'you did not confirm, so nothing was changed')
}

function canAsk(): boolean {
  return process.stdin.isTTY === true && isTerminal(2)
}
