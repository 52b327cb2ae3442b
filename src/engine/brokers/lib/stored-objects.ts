import { createHash } from 'node:crypto'
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import { ObjectInParts } from '../../model/job.ts'
import { UNTIL_STORED } from './connection.ts'
import { STREAMS } from './streams.ts'

/** In bytes: what is larger is stored in parts, and a message only names it. */
export const LARGE = 512 * 1024
/** So many parts are under way at once. */
const AT_ONCE = 8

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The subject of a part, from 1. */
export type PartSubject = (object: Pick<ObjectInParts, 'digest'>, part: number) => string

/**
 * Stores bytes in parts; when it returns, the broker has them on disk. The object store of the client would need rights on whole
 * streams; these parts have subjects that the broker can grant to one worker or one asker.
 */
export async function storeObject(client: JetStreamClient, subjectOf: PartSubject, bytes: Uint8Array) {
  const object: ObjectInParts = { digest: digestOf(bytes), bytes: bytes.length, parts: Math.ceil(bytes.length / LARGE) }
  for (let from = 1; from <= object.parts; from += AT_ONCE)
    await Promise.all(
      partsFrom(from, object).map((part) =>
        client.publish(subjectOf(object, part), bytes.subarray((part - 1) * LARGE, part * LARGE), UNTIL_STORED),
      ),
    )
  return object
}

/** Null: a part is not there, or it is not what the digest says, or it has more than `most` bytes. */
export async function loadObject(
  manager: JetStreamManager,
  subjectOf: PartSubject,
  object: ObjectInParts,
  most: number,
): Promise<Uint8Array | null> {
  if (object.bytes > most || object.parts !== Math.ceil(object.bytes / LARGE)) return null
  const all: Uint8Array[] = []
  for (let from = 1; from <= object.parts; from += AT_ONCE) {
    const found = await Promise.all(partsFrom(from, object).map((part) => lastOf(manager, subjectOf(object, part))))
    for (const one of found) {
      if (one === null) return null
      all.push(one.data)
    }
    if (all.reduce((sum, { length }) => sum + length, 0) > object.bytes) return null
  }
  const bytes = Buffer.concat(all)
  return bytes.length === object.bytes && digestOf(bytes) === object.digest ? bytes : null
}

/** Whether the last part is there; the parts before it were stored before. */
export async function hasObject(
  manager: JetStreamManager,
  subjectOf: PartSubject,
  object: ObjectInParts,
): Promise<boolean> {
  return (
    (await lastOf(manager, subjectOf(object, 1))) !== null &&
    (await lastOf(manager, subjectOf(object, object.parts))) !== null
  )
}

function lastOf(manager: JetStreamManager, subject: string) {
  return manager.direct.getMessage(STREAMS.objects, { last_by_subj: subject })
}

function partsFrom(from: number, { parts }: ObjectInParts): readonly number[] {
  return Array.from({ length: Math.min(AT_ONCE, parts - from + 1) }, (_, at) => from + at)
}

/** The header of a message that stands for an object. */
export const OBJECT_HEADER = 'Pp-Object'

export function readReference(text: string | undefined): ObjectInParts | null {
  if (text === undefined || text === '') return null
  try {
    return ObjectInParts.parse(JSON.parse(text))
  } catch {
    return null
  }
}
