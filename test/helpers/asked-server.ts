import type { ProposerAnswer } from '../../src/engine/model/proposal.ts'
import type { Proposer } from '../../src/engine/ports/proposer.ts'
import { CHAT_TIMING, openChat } from '../../src/engine/proposers/lib/chat.ts'
import { BROKEN, requestFor } from '../unit/proposers/request.ts'
import { type Exchange, type ExchangeServer, startExchangeServer } from './exchange-server.ts'

/** A proposer that asks the server, at most three times and with short pauses. */
export function chatWith(server: ExchangeServer, over = {}): Promise<Proposer> {
  const end = {
    kind: 'openai',
    key: 'k',
    base: server.url,
    model: 'm1',
    maxTokens: null,
    remote: false,
    price: null,
    ...over,
  }
  return openChat(end, {}, { ...CHAT_TIMING, pauseMs: 2, calls: 3 })
}

/** Why there is no reply, or else the kind of the answer. */
export function reasonOf(answer: ProposerAnswer): string {
  return answer.how === 'failed' ? `${answer.why}: ${answer.reason}` : answer.how
}

/** Asks a server that gives these answers, and looks at what came of it. */
export async function asked(
  script: readonly Exchange[],
  look: (answer: ProposerAnswer, server: ExchangeServer, proposer: Proposer) => unknown,
  over = {},
): Promise<void> {
  const server = await startExchangeServer(script)
  try {
    const proposer = await chatWith(server, over)
    await look(await proposer.propose(requestFor({ 'calc.py': BROKEN })), server, proposer)
  } finally {
    await server.close()
  }
}
