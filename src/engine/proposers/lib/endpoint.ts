import { PpError } from '../../model/error.ts'
import type { ProposerHost } from '../../ports/proposer.ts'

/** The address and the settings of chat-completions requests. */
export interface Endpoint {
  readonly kind: string
  /** Null: no Authorization header is sent. */
  readonly key: string | null
  /** Without a trailing slash. */
  readonly base: string
  readonly model: string
  /** The most tokens of one reply; null = the server's own limit. */
  readonly maxTokens: number | null
  /** Whether the base URL is on another machine. */
  readonly remote: boolean
  /** Null: no price is configured. */
  readonly price: TokenPrice | null
}

/** What a million tokens cost, in a currency that only the user knows. */
export interface TokenPrice {
  readonly input: number
  readonly output: number
}

/** The variables of one kind; of each list, the first variable that is set counts. */
export interface EndpointVariables {
  readonly key: readonly string[]
  readonly base: readonly string[]
  readonly model: readonly string[]
  readonly maxTokens: string
  readonly defaultBase: string
  readonly keyNeeded: boolean
}

/** Throws PROPOSER_FAILED without a key or a model, and USAGE for a value that makes no sense; no message contains the key. */
export function endpoint(
  kind: string,
  variables: EndpointVariables,
  host: ProposerHost,
  model: string | undefined,
  price: TokenPrice | null,
): Endpoint {
  const first = (names: readonly string[]): string | null =>
    names.map((name) => host.env[name]?.trim()).find((value) => value) ?? null
  const key = first(variables.key)
  if (key === null && variables.keyNeeded) {
    throw new PpError('PROPOSER_FAILED', `the ${kind} provider needs a key`, {
      mend: `set ${variables.key.join(' or ')}, or use a provider that needs none: --provider search`,
    })
  }
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    throw new PpError('USAGE', `the key of the ${kind} provider holds a character that a key cannot have`, {
      mend: `set ${variables.key[0]} again, without quotes and line breaks`,
    })
  }
  const chosen = model ?? first(variables.model)
  if (!chosen) {
    throw new PpError('PROPOSER_FAILED', `the ${kind} provider needs the name of a model`, {
      mend: `set ${variables.model[0]}, or add --model NAME`,
    })
  }
  const url = baseUrl(first(variables.base) ?? variables.defaultBase, variables.base[0] ?? kind)
  return {
    kind,
    key,
    // People also copy the whole URL of a request.
    base: url.href.replace(/\/+$/, '').replace(/\/chat\/completions$/, ''),
    model: chosen,
    maxTokens: maxTokens(variables.maxTokens, host),
    remote: !isLoopback(url),
    price,
  }
}

function baseUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new PpError('USAGE', `${name} is not an http or https URL`, {
      mend: `set ${name} to a URL like https://host/v1`,
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw new PpError('USAGE', `${name} must not hold a user name or password`, {
      mend: 'put the key into its own variable',
    })
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new PpError('USAGE', `${name} would send the prompt unencrypted to ${url.host}`, {
      mend: `use https:// in ${name}; http:// is allowed only for this machine`,
    })
  }
  return url
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(url.hostname)
}

function maxTokens(name: string, host: ProposerHost): number | null {
  const text = host.env[name]?.trim()
  if (!text) return null
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new PpError('USAGE', `${name} must be a positive whole number, but is: ${text.slice(0, 40)}`, {
      mend: `unset ${name}`,
    })
  }
  return Number(text)
}
