import { createHash } from 'node:crypto'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import { converse, type GitConversation, type GitQuestion } from './conversation.ts'
import type { GitProgram } from './run-git.ts'

export interface ObjectHeader {
  readonly oid: Oid
  readonly type: string
  readonly size: number
}

/** A `git cat-file --batch-command` process that keeps running. Answers come in the order of the questions. */
export interface CatFile {
  /** Type and size in bytes; null if the object is not in this repository. */
  info(oid: Oid): Promise<ObjectHeader | null>
  /** The same for any name of an object that git knows, such as `HEAD^{tree}`; null if there is none, or several. */
  find(name: string): Promise<ObjectHeader | null>
  /**
   * The bytes of an object of this type, hashed again. Throws OBJECT_MISSING, GIT_FAILED if the bytes do not have this id, or
   * TREE_TOO_LARGE if there are more than `most` of them, which are then not read.
   */
  read(oid: Oid, type: string, most?: number): Promise<Buffer>
  dispose(): void
}

interface ObjectQuestion extends GitQuestion {
  readonly contents: boolean
  answer(header: ObjectHeader | null, bytes: Buffer): void
}

export function catFile(git: GitProgram, format: RepositoryPaths['objectFormat']): CatFile {
  let running: GitConversation<ObjectQuestion> | null = null
  const ask = (command: 'info' | 'contents', name: string) =>
    new Promise<{ header: ObjectHeader | null; bytes: Buffer }>((resolve, reject) => {
      running ??= converse(git.start(['cat-file', '--batch-command']), 'cat-file', answers, () => {
        running = null
      })
      const question: ObjectQuestion = {
        contents: command === 'contents',
        answer: (header, bytes) => resolve({ header, bytes }),
        fail: reject,
      }
      running.put(`${command} ${name}\n`, question)
    })
  return {
    info: async (oid) => (await ask('info', checked(oid))).header,
    // The questions are lines, and git has no name with a line break in it.
    find: async (name) => (/[\n\0]|^$/.test(name) ? null : (await ask('info', name)).header),
    async read(oid, type, most) {
      checked(oid)
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

function checked(oid: Oid): Oid {
  if (/^[0-9a-f]{40,64}$/.test(oid)) return oid
  throw new PpError('OBJECT_MISSING', `this is not an object id: ${JSON.stringify(oid)}`)
}

/** The error for an object that is missing or has another type. */
export function missingObject(oid: Oid, type: string, header: Pick<ObjectHeader, 'type'> | null): PpError {
  const what =
    header === null ? `the ${type} ${oid} is not in this repository` : `${oid} is a ${header.type}, not a ${type}`
  return new PpError('OBJECT_MISSING', `${what}; fetch it; in a shallow or partial clone, fetch more of the history`)
}

const HEADER = /^([0-9a-f]{40}|[0-9a-f]{64}) ([a-z]+) (\d+)$/

/**
 * Splits the output of cat-file into answers: `<oid> <type> <size>\n`, followed by the bytes and `\n` if the contents were
 * asked for; or `<name> missing\n`, where the name may have blanks in it. The bytes are copied only once.
 */
function answers(waiting: ObjectQuestion[]): (chunk: Buffer) => void {
  let line = ''
  let body: { readonly header: ObjectHeader; readonly bytes: Buffer; filled: number } | null = null
  const fill = (chunk: Buffer, at: number, { header, bytes, filled }: NonNullable<typeof body>): number => {
    const used = chunk.copy(bytes, filled, at)
    body = { header, bytes, filled: filled + used }
    if (body.filled < bytes.length) return at + used
    body = null
    waiting.shift()?.answer(header, bytes.subarray(0, header.size))
    return at + used
  }
  const readLine = (chunk: Buffer, at: number): number => {
    const end = chunk.indexOf(10, at)
    line += chunk.toString('latin1', at, end === -1 ? chunk.length : end)
    if (end === -1) return chunk.length
    const [, oid, type = '', size] = HEADER.exec(line) ?? []
    line = ''
    const header = oid === undefined ? null : { oid, type, size: Number(size) }
    if (header !== null && waiting[0]?.contents)
      body = { header, bytes: Buffer.allocUnsafe(header.size + 1), filled: 0 }
    else waiting.shift()?.answer(header, Buffer.alloc(0))
    return end + 1
  }
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) at = body === null ? readLine(chunk, at) : fill(chunk, at, body)
  }
}
