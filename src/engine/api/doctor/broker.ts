import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type DoctorCheck, type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'
import { PpError } from '../../model/error.ts'
import type { Caller } from '../../model/options.ts'
import type { BrokerFacts } from '../../ports/broker.ts'
import {
  askerName,
  type BrokerSettings,
  brokerSettings,
  brokerUrl,
  openBroker,
  openTrust,
  withReader,
} from '../../wiring/index.ts'

/** In ms: more makes the times in logs misleading; nothing else depends on it. */
const MOST_DIFFERENCE = 5000
/** In bytes: a job or a result of the usual size fits many times. */
const LEAST_PAYLOAD = 1_000_000

/** Checks a broker, and what is needed to ask over it. It makes no stream. */
export async function doctorBroker(caller: Caller, on: string): Promise<readonly DoctorCheck[]> {
  const settings = await brokerSettings(caller)
  const url = brokerUrl(on === '' ? undefined : on, settings)
  const found: DoctorFinding[] = [
    ...(await brokerFindings(caller, url, settings)),
    await trustFinding(caller, settings),
  ]
  found.push(...(await fileFindings(caller, settings)))
  return found.map((one) => ({ area: 'broker', ...one }))
}

async function brokerFindings(caller: Caller, url: string, settings: BrokerSettings): Promise<DoctorFinding[]> {
  try {
    const name = askerName(caller, settings)
    const broker = await openBroker(caller, url, name, settings)
    try {
      return [okFinding(`the broker ${url} answers, and you ask as ${name}`), ...judged(url, await broker.facts())]
    } finally {
      await broker.close()
    }
  } catch (error) {
    if (!(error instanceof PpError)) throw error
    return [problem(error)]
  }
}

function judged(url: string, facts: BrokerFacts): DoctorFinding[] {
  const { version, jetstream, maxPayload, tls, clockDifference, problems } = facts
  const isHere = /^\w+:\/\/(?:127\.|localhost\b|\[::1\])/.test(url)
  const store = 'start it with: nats-server -js'
  return [
    jetstream
      ? okFinding(`nats-server ${version} with JetStream`)
      : { level: 'problem', text: 'the broker has no JetStream', mend: store, code: 'BROKER_FAILED' },
    maxPayload >= LEAST_PAYLOAD
      ? okFinding(`messages of up to ${maxPayload} bytes`)
      : noteFinding(
          `the broker takes messages of at most ${maxPayload} bytes`,
          'set max_payload: 1MB in its configuration',
        ),
    tls || isHere
      ? okFinding(tls ? 'the connection is encrypted' : 'the broker is on this machine')
      : noteFinding('the connection is not encrypted, so others on the way can read patches and outputs of tests'),
    ...(clockDifference === null ? [] : [clockFinding(clockDifference)]),
    ...problems.map((text) => noteFinding(text)),
    ...(jetstream && problems.length === 0 ? [okFinding('all streams are there, with the right settings')] : []),
  ]
}

function clockFinding(difference: number): DoctorFinding {
  const text = `the clock of the broker differs from this one by ${difference} ms`
  return Math.abs(difference) <= MOST_DIFFERENCE ? okFinding(text) : noteFinding(`${text}; no verdict depends on it`)
}

/** Whether there is a worker that would be believed. */
async function trustFinding(caller: Caller, { workers }: BrokerSettings): Promise<DoctorFinding> {
  const mend = 'git config --global pp.workers FILE'
  if (workers === null)
    return noteFinding('no file with the keys of workers is set; prove --on then needs --workers', mend)
  const file = workers.startsWith('~/') ? resolve(caller.home, workers.slice(2)) : workers
  try {
    const { verifiers } = await withReader(caller, (reader) => openTrust(caller, reader, { key: [], trust: [file] }))
    return okFinding(`${verifiers.length} trusted ${verifiers.length === 1 ? 'key' : 'keys'} of workers in ${workers}`)
  } catch (error) {
    if (!(error instanceof PpError)) throw error
    return problem(error)
  }
}

/** Secrets that others on this machine can read. */
async function fileFindings(caller: Caller, settings: BrokerSettings): Promise<DoctorFinding[]> {
  const files = [settings.nkey, settings.creds, settings.tlsKey].flatMap((file) => file ?? [])
  const findings: DoctorFinding[] = []
  for (const file of files) {
    const facts = await stat(file.startsWith('~/') ? resolve(caller.home, file.slice(2)) : file).catch(() => null)
    if (facts !== null && (facts.mode & 0o077) !== 0)
      findings.push(noteFinding(`others on this machine can read ${file}`, `chmod 600 ${file}`))
  }
  return findings
}

function problem({ message, mend, code }: PpError): DoctorFinding {
  return { level: 'problem', text: message, mend: mend ?? null, code }
}
