import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Running } from '../platform/index.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import type { GitProgram } from './run-git.ts'

export interface ObjectHeader {
  readonly type: string
  readonly size: number
}

/** A `git cat-file --batch-command` process that keeps running. Answers come in the order of the questions. */
export interface CatFile {
  /** Type and size in bytes; null if the object is not in this repository. */
  info(oid: Oid): Promise<ObjectHeader | null>
  /**
   * The bytes of an object of this type, hashed again. Throws OBJECT_MISSING, GIT_FAILED if the bytes do not have this id, or
   * TREE_TOO_LARGE if there are more than `most` of them, which are then not read.
   */
  read(oid: Oid, type: string, most?: number): Promise<Buffer>
  dispose(): void
}

interface ObjectRequest {
  readonly contents: boolean
  answer(header: ObjectHeader | null, bytes: Buffer): void
  fail(cause: unknown): void
}

export function catFile(git: GitProgram, format: RepositoryPaths['objectFormat']): CatFile {
  let running: BatchConversation | null = null
  const ask = (command: 'info' | 'contents', oid: Oid) =>
    new Promise<{ header: ObjectHeader | null; bytes: Buffer }>((resolve, reject) => {
      if (!/^[0-9a-f]{40,64}$/.test(oid))
        throw new PpError('OBJECT_MISSING', `this is not an object id: ${JSON.stringify(oid)}`)
      running ??= converse(git.start(['cat-file', '--batch-command']), () => {
        running = null
      })
      const question: ObjectRequest = {
        contents: command === 'contents',
        answer: (header, bytes) => resolve({ header, bytes }),
        fail: reject,
      }
      running.put(`${command} ${oid}\n`, question)
    })
  return {
    info: async (oid) => (await ask('info', oid)).header,
    async read(oid, type, most) {
      const size = most === undefined ? 0 : ((await ask('info', oid)).header?.size ?? 0)
      if (most !== undefined && size > most)
        throw new PpError('TREE_TOO_LARGE', `the ${type} ${oid} has ${size} bytes, and at most ${most} are read`)
      const { header, bytes } = await ask('contents', oid)
      if (header?.type !== type) throw missingObject(oid, type, header)
      const hash = createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
      if (hash !== oid) throw new PpError('GIT_FAILED', `the object ${oid} is damaged; git fsck tells more`)
      return bytes
    },
    dispose() {
      running?.end()
      running = null
    },
  }
}

/** The error for an object that is missing or has another type. */
export function missingObject(oid: Oid, type: string, header: ObjectHeader | null): PpError {
  const what =
    header === null ? `the ${type} ${oid} is not in this repository` : `${oid} is a ${header.type}, not a ${type}`
  return new PpError('OBJECT_MISSING', `${what}; fetch it; in a shallow or partial clone, fetch more of the history`)
}

interface BatchConversation {
  put(line: string, question: ObjectRequest): void
  end(): void
}

function converse(child: Running, gone: () => void): BatchConversation {
  const waiting: ObjectRequest[] = []
  // All questions of one turn of the event loop go out in one write: with thousands of notes, each write would cost more than
  // its answer.
  let unsent = ''
  const send = () => {
    if (unsent !== '') child.stdin.write(unsent)
    unsent = ''
  }
  // An idle process of ours must not keep the program alive.
  const stdout = child.stdout as unknown as Socket
  const stderr = child.stderr as unknown as Socket
  for (const handle of [child, stdout, stderr]) handle.unref()
  const take = answers(
    () => waiting[0]?.contents ?? false,
    (header, bytes) => waiting.shift()?.answer(header, bytes),
  )
  child.stdout.on('data', (chunk: Buffer) => {
    take(chunk)
    if (waiting.length === 0) stdout.unref()
  })
  const lost = (cause: unknown) => {
    gone()
    const stopped = cause instanceof Error && cause.name === 'AbortError'
    const message = stopped ? 'interrupted while git was running' : 'git cat-file ended before it had answered'
    const error = new PpError(stopped ? 'INTERRUPTED' : 'GIT_FAILED', message, { cause })
    for (const question of waiting.splice(0)) question.fail(error)
  }
  child.on('error', lost)
  child.on('close', lost)
  child.stdin.on('error', () => {})
  child.stderr.resume()
  return {
    put(line, question) {
      stdout.ref()
      waiting.push(question)
      if (unsent === '') queueMicrotask(send)
      unsent += line
    },
    end() {
      send()
      child.stdin.end()
    },
  }
}

/**
 * Splits the output of cat-file into answers: `<oid> <type> <size>\n`, followed by the bytes and `\n` if `contents` is true;
 * or `<oid> missing\n`. Chunks are joined only when enough of them have arrived.
 */
function answers(
  contents: () => boolean,
  give: (header: ObjectHeader | null, bytes: Buffer) => void,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let have = 0
  let need = 1
  let header: ObjectHeader | null = null
  /** Returns how many bytes were used; 0 if more are needed. */
  const step = (buffer: Buffer): number => {
    if (header !== null) {
      need = header.size + 1
      if (buffer.length < need) return 0
      give(header, Buffer.from(buffer.subarray(0, header.size)))
      header = null
      return need
    }
    need = buffer.length + 1
    const end = buffer.indexOf(10)
    if (end === -1) return 0
    const [, type = '', size] = buffer.subarray(0, end).toString('latin1').split(' ')
    const found = size === undefined ? null : { type, size: Number(size) }
    if (found !== null && contents()) header = found
    else give(found, Buffer.alloc(0))
    return end + 1
  }
  return (chunk) => {
    chunks.push(chunk)
    have += chunk.length
    if (have < need) return
    let buffer = Buffer.concat(chunks)
    for (let used = step(buffer); used > 0; used = step(buffer)) buffer = buffer.subarray(used)
    chunks = [buffer]
    have = buffer.length
  }
}
