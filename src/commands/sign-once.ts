import { buffer } from 'node:stream/consumers'
import { type SignOnceRequest, signOnce } from '../engine/index.ts'
import { writeNow } from './output.ts'
import { caller } from './process.ts'

/** Answers a session of our own that wants something signed: see `signOnce`. */
export async function signOnceForSession(version: string): Promise<void> {
  // The session wrote it.
  const request = JSON.parse((await buffer(process.stdin)).toString()) as SignOnceRequest
  const answer = await signOnce(caller(version, new AbortController().signal), request)
  writeNow(1, JSON.stringify(answer))
}
