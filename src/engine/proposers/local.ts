import * as z from 'zod'
import type { Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { openChat } from './lib/chat.ts'
import { endpoint } from './lib/endpoint.ts'

const options = z.object({ model: z.string().min(1).optional() })

/** A model server of one's own, by default where Ollama listens; a key is sent only where one is set. */
async function open(host: ProposerHost): Promise<Proposer> {
  const variables = {
    key: ['PP_LOCAL_API_KEY'],
    base: ['PP_LOCAL_BASE_URL'],
    model: ['PP_LOCAL_MODEL'],
    maxTokens: 'PP_LOCAL_MAX_TOKENS',
    defaultBase: 'http://127.0.0.1:11434/v1',
    keyNeeded: false,
  }
  return openChat(endpoint('local', variables, host, options.parse(host.settings).model), host.env)
}

export default { kind: 'local', options, open } satisfies ProposerKind
