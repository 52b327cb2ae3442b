import * as z from 'zod'
import { firstWords } from '../core/context/index.ts'
import { PpError } from '../model/error.ts'
import type { Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { openChat } from './lib/chat.ts'
import { type Endpoint, endpoint, type TokenPrice } from './lib/endpoint.ts'
import { askModels } from './lib/models.ts'

const options = z.object({
  model: z.string().min(1).optional(),
  /** What a million tokens cost, in and out. */
  'price-input': z.string().optional(),
  'price-output': z.string().optional(),
})

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
  const settings = options.parse(host.settings)
  return endpoint('openai', variables, host, settings.model, priceOf(settings))
}

/** Null: no price is configured. Throws USAGE for one that is no number, or that lacks the other. */
function priceOf(settings: z.infer<typeof options>): TokenPrice | null {
  const [input, output] = (['price-input', 'price-output'] as const).map((name) => {
    const text = settings[name]
    if (text === undefined) return null
    if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Number(text)
    throw new PpError('USAGE', `pp.${name} must be a number like 1.25, but is: ${firstWords(text, 40)}`, {
      mend: `git config --unset pp.${name}`,
    })
  })
  if (input == null && output == null) return null
  if (input != null && output != null) return { input, output }
  const missing = input == null ? 'pp.price-input' : 'pp.price-output'
  throw new PpError('USAGE', `${missing} is missing: both prices are needed to tell what a request costs`, {
    mend: `git config ${missing} PRICE`,
  })
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
