import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lastValueOf, userConfig } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import { BrokerName } from '../model/job.ts'
import type { Caller } from '../model/options.ts'
import type { Broker } from '../ports/broker.ts'

/** In bytes; the files hold a key or a certificate. */
const MOST = 256 * 1024

/** The settings of the broker: keys of user git config, and the variables that count more. */
const SETTINGS = {
  url: { key: 'pp.broker', variable: 'PP_BROKER' },
  asker: { key: 'pp.asker', variable: 'PP_ASKER' },
  workers: { key: 'pp.workers', variable: 'PP_WORKERS' },
  nkey: { key: 'pp.brokernkey', variable: 'PP_BROKER_NKEY' },
  creds: { key: 'pp.brokercreds', variable: 'PP_BROKER_CREDS' },
  ca: { key: 'pp.brokerca', variable: 'PP_BROKER_CA' },
  cert: { key: 'pp.brokercert', variable: 'PP_BROKER_CERT' },
  tlsKey: { key: 'pp.brokerkey', variable: 'PP_BROKER_KEY' },
} as const

/** How this user reaches the broker, from their environment and their own git config alone. */
export type BrokerSettings = Readonly<Record<keyof typeof SETTINGS, string | null>>

export async function brokerSettings(caller: Caller): Promise<BrokerSettings> {
  const config = await userConfig(caller.env, caller.signal)
  const values = Object.entries(SETTINGS).map(([name, { key, variable }]) => [
    name,
    caller.env[variable] || lastValueOf(config, key),
  ])
  return Object.fromEntries(values) as BrokerSettings
}

/** The URL that was typed, or that of the settings. Throws USAGE. */
export function brokerUrl(typed: string | undefined, settings: BrokerSettings): string {
  const url = typed ?? settings.url
  if (url === null || url === undefined)
    throw new PpError(
      'USAGE',
      'there is no broker: name it with --on nats://HOST:PORT, or set git config --global pp.broker',
    )
  if (!/^(?:nats|tls):\/\/[^\s@/]+$/.test(url))
    throw new PpError(
      'USAGE',
      `--on ${url.replace(/\/\/[^/]*@/, '//…@')}: this must be nats://HOST:PORT or tls://HOST:PORT`,
      {
        mend: 'keys and credentials are files: git config --global pp.brokerCreds FILE',
      },
    )
  return url
}

/** The name that this user asks under. Throws USAGE. */
export function askerName({ env, uid }: Caller, settings: BrokerSettings): BrokerName {
  const said = settings.asker ?? (env['USER'] || env['LOGNAME'] || `user${uid}`).replace(/[^A-Za-z0-9_-]/g, '-')
  const name = BrokerName.safeParse(said)
  if (name.success) return name.data
  throw new PpError('USAGE', `pp.asker ${JSON.stringify(said)}: a name has letters, digits, - and _, at most 64`)
}

/** Opens the broker; its client is loaded only now. Throws USAGE for files that cannot be read, BROKER_FAILED. */
export async function openBroker(caller: Caller, url: string, name: string, settings: BrokerSettings): Promise<Broker> {
  const read = async (file: string | null) => {
    if (file === null) return null
    const path = file.startsWith('~/') ? join(caller.home, file.slice(2)) : file
    const bytes = await readFile(path).catch((cause: Error) => {
      throw new PpError('USAGE', `a file for the broker cannot be read: ${cause.message}`, { cause })
    })
    if (bytes.length > MOST) throw new PpError('USAGE', `${path} is too large to be a key or a certificate`)
    return bytes.toString('utf8')
  }
  const [nkey, creds, ca, cert, key] = await Promise.all(
    [settings.nkey, settings.creds, settings.ca, settings.cert, settings.tlsKey].map(read),
  )
  const tls =
    ca || cert || key || url.startsWith('tls:') ? { ca: ca ?? null, cert: cert ?? null, key: key ?? null } : null
  const { natsBroker } = await import('../brokers/index.ts')
  return natsBroker({ url, name, nkey: nkey ?? null, creds: creds ?? null, tls })
}
