import * as z from 'zod'
import type { Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { openChat } from './lib/chat.ts'
import { type Endpoint, endpoint } from './lib/endpoint.ts'
import { askModels } from './lib/models.ts'

const options = z.object({ model: z.string().min(1).optional() })

/** The user's own model server, by default at Ollama's address; a key is sent only if one is set. */
function endpointOf(host: ProposerHost): Endpoint {
  const variables = {
    key: ['PP_LOCAL_API_KEY'],
    base: ['PP_LOCAL_BASE_URL'],
    model: ['PP_LOCAL_MODEL'],
    maxTokens: 'PP_LOCAL_MAX_TOKENS',
    defaultBase: 'http://127.0.0.1:11434/v1',
    keyNeeded: false,
  }
  return endpoint('local', variables, host, options.parse(host.settings).model, null)
}

async function open(host: ProposerHost): Promise<Proposer> {
  return openChat(endpointOf(host), host.env)
}

export default {
  kind: 'local',
  offered: 3,
  suggested: false,
  note: null,
  setting: { name: 'model', variable: 'PP_LOCAL_MODEL' },
  options,
  open,
  reach: askModels(endpointOf),
} satisfies ProposerKind
