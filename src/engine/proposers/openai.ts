import * as z from 'zod'
import type { Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { openChat } from './lib/chat.ts'
import { type Endpoint, endpoint } from './lib/endpoint.ts'
import { askModels } from './lib/models.ts'

const options = z.object({ model: z.string().min(1).optional() })

/** Any server with OpenAI's chat-completions API. The generic variables count only if the user named this provider. */
function endpointOf(host: ProposerHost): Endpoint {
  const generic = (name: string): string[] => (host.named ? [`PP_${name}`, name] : [`PP_${name}`])
  const variables = {
    key: generic('OPENAI_API_KEY'),
    base: generic('OPENAI_BASE_URL'),
    model: ['PP_OPENAI_MODEL'],
    maxTokens: 'PP_OPENAI_MAX_TOKENS',
    defaultBase: 'https://api.openai.com/v1',
    keyNeeded: true,
  }
  return endpoint('openai', variables, host, options.parse(host.settings).model)
}

async function open(host: ProposerHost): Promise<Proposer> {
  return openChat(endpointOf(host), host.env)
}

export default {
  kind: 'openai',
  offered: 2,
  suggested: true,
  note: null,
  setting: { name: 'model', variable: 'PP_OPENAI_MODEL' },
  options,
  open,
  reach: askModels(endpointOf),
} satisfies ProposerKind
