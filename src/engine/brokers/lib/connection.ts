import { connect, credsAuthenticator, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { PpError } from '../../model/error.ts'

/** How to reach a broker, as plain values that another thread can be given. */
export interface BrokerAccess {
  readonly url: string
  /** Our name; it is the prefix of our inboxes, too, so that the broker can keep others out of them. */
  readonly name: string
  /** The text of a file with the seed of an nkey, or of a file of credentials. */
  readonly nkey: string | null
  readonly creds: string | null
  /** In PEM. Null: the default of the URL. */
  readonly tls: { readonly ca: string | null; readonly cert: string | null; readonly key: string | null } | null
}

/**
 * How a message with an id is stored: a broker that does not answer, in ms, may come back, and it takes the same message only once.
 */
export const UNTIL_STORED = { timeout: 10_000, retries: 6 } as const

const bytes = (text: string) => new TextEncoder().encode(text)

/** Connects, and goes on trying for ever once it was connected. Throws BROKER_FAILED. */
export async function connectTo({ url, name, nkey, creds, tls }: BrokerAccess): Promise<NatsConnection> {
  const authenticator =
    creds === null ? (nkey === null ? null : nkeyAuthenticator(bytes(nkey.trim()))) : credsAuthenticator(bytes(creds))
  const said = (one: string | null, key: string) => (one === null ? {} : { [key]: one })
  try {
    return await connect({
      ...{ servers: [url], name: `git pp ${name}`, inboxPrefix: inboxPrefix(name), timeout: 5000 },
      ...{ maxReconnectAttempts: -1, reconnectTimeWait: 250, reconnectJitter: 250, pingInterval: 10_000 },
      ...(authenticator === null ? {} : { authenticator }),
      ...(tls === null ? {} : { tls: { ...said(tls.ca, 'ca'), ...said(tls.cert, 'cert'), ...said(tls.key, 'key') } }),
    })
  } catch (cause) {
    throw brokerFault(`the broker ${url} cannot be reached`, cause)
  }
}

/** Where the broker answers us; it can be told to let nobody else listen there. */
export function inboxPrefix(name: string): string {
  return `_INBOX.${name}`
}

export function brokerFault(what: string, cause: unknown): PpError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new PpError('BROKER_FAILED', `${what}: ${why}`, { cause })
}
