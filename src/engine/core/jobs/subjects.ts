import { BrokerName, type JobAddress } from '../../model/job.ts'
import type { Sha256 } from '../../model/oid.ts'

/** The first two tokens of the subjects of each stream. */
export const SUBJECTS = {
  jobs: 'pp.jobs',
  runs: 'pp.runs',
  results: 'pp.results',
  cancels: 'pp.cancels',
  objects: 'pp.objects',
} as const

const KEY = /^[0-9a-f]{64}$/
const ORDINAL = /^[1-9]\d{0,5}$/

export function jobSubject({ repository, asker, key, ordinal }: JobAddress): string {
  return [SUBJECTS.jobs, repository, asker, key, ordinal].join('.')
}

/** What a subject of the queue says; null: it is none. The broker decides who may publish on which, so this is who asks. */
export function readJobSubject(subject: string): JobAddress | null {
  const [pp, jobs, repository = '', asker, key = '', ordinal = '', ...more] = subject.split('.')
  const name = BrokerName.safeParse(asker)
  if (`${pp}.${jobs}` !== SUBJECTS.jobs || more.length > 0 || !name.success) return null
  if (!/^[0-9a-f]{16}$/.test(repository) || !KEY.test(key) || !ORDINAL.test(ordinal)) return null
  return { repository, asker: name.data, key, ordinal: Number(ordinal) }
}

/** Where the result of a job goes. A worker derives it from where the job came from, never from what the job says. */
export function resultSubject({ asker, key }: Pick<JobAddress, 'asker' | 'key'>, worker: BrokerName): string {
  return [SUBJECTS.results, asker, key, worker].join('.')
}

/** The job that a result was published for, and the worker that the broker let publish it; null: it is no such subject. */
export function readResultSubject(
  subject: string,
): { readonly asker: BrokerName; readonly key: Sha256; readonly worker: BrokerName } | null {
  const [pp, results, asker, key = '', worker, ...more] = subject.split('.')
  const [who, by] = [BrokerName.safeParse(asker), BrokerName.safeParse(worker)]
  if (`${pp}.${results}` !== SUBJECTS.results || more.length > 0 || !KEY.test(key)) return null
  return who.success && by.success ? { asker: who.data, key, worker: by.data } : null
}

export function runSubject({ asker, key, ordinal }: Omit<JobAddress, 'repository'>, worker: BrokerName): string {
  return [SUBJECTS.runs, asker, key, ordinal, worker].join('.')
}

/** Which asking of a job a worker tells about, and which worker; null: it is no such subject. */
export function readRunSubject(subject: string): { readonly ordinal: number; readonly worker: BrokerName } | null {
  const [, , , , ordinal = '', worker, ...more] = subject.split('.')
  const name = BrokerName.safeParse(worker)
  return more.length > 0 || !name.success || !ORDINAL.test(ordinal)
    ? null
    : { ordinal: Number(ordinal), worker: name.data }
}

export function cancelSubject({ asker, key }: Pick<JobAddress, 'asker' | 'key'>): string {
  return [SUBJECTS.cancels, asker, key].join('.')
}

/** A part of what a worker answers and is too large for one message, from 1. */
export function resultPart(
  asker: BrokerName,
  worker: BrokerName,
  { digest }: { readonly digest: Sha256 },
  part: number,
): string {
  return [SUBJECTS.objects, 'results', asker, worker, digest, part].join('.')
}

/** A part of what an asker stored for workers, from 1. */
export function bundlePart(asker: BrokerName, { digest }: { readonly digest: Sha256 }, part: number): string {
  return [SUBJECTS.objects, 'bundles', asker, digest, part].join('.')
}

/** The same message sent twice is dropped by the broker: of a job, one for each asking. */
export function jobMessageId({ asker, key, ordinal }: JobAddress): string {
  return `${asker}-${key}-${ordinal}`
}

/** Of a result, one for each run of a worker. */
export function resultMessageId(address: JobAddress, worker: BrokerName, run: string): string {
  return `${jobMessageId(address)}-${worker}-${run}`
}
