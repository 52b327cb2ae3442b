import { appendFile, lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { AskedJob, BatchHead } from '../model/job.ts'
import { PatchVerdict } from '../model/patch-verdict.ts'
import { readSmall } from '../platform/index.ts'

/** In bytes: a larger file is not read. */
const MOST = 1024 * 1024 * 1024

const Answer = PatchVerdict.omit({ id: true, line: true })

/** One line of the file of a batch. Later lines count more. */
const BatchLine = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('head'), head: BatchHead }),
  z.strictObject({ is: z.literal('job'), job: AskedJob }),
  z.strictObject({ is: z.literal('asked'), key: z.string(), ordinal: z.int() }),
  z.strictObject({ is: z.literal('answered'), key: z.string(), answer: Answer }),
  z.strictObject({ is: z.literal('withdrawn'), key: z.string() }),
])
type BatchLine = z.infer<typeof BatchLine>

/** What the file of a batch says. */
export interface KeptBatch {
  readonly head: BatchHead
  readonly jobs: readonly AskedJob[]
  readonly askings: Map<string, Set<number>>
  readonly answers: Map<string, z.infer<typeof Answer>>
}

/** The batches of one repository, which this user asked for on this machine. */
export interface Batches {
  open(head: BatchHead, jobs: readonly AskedJob[]): Promise<BatchFile>
  /** Null: there is none, or somebody else may have written it. `start`: the id, or its beginning. */
  read(start: string): Promise<(KeptBatch & { readonly file: BatchFile }) | null>
  /** Ids, newest first. */
  list(): Promise<readonly string[]>
  remove(id: string): Promise<void>
}

/** Where a batch is written down. */
export interface BatchFile {
  asked(key: string, ordinal: number): Promise<void>
  answered(key: string, answer: z.infer<typeof Answer>): Promise<void>
  withdrawn(key: string): Promise<void>
}

/** `state`: the directory of a repository. */
export function batches(state: string): Batches {
  const dir = join(state, 'batches')
  const fileOf = (id: string) => join(dir, `${id}.jsonl`)
  const list = async () => {
    const names = await readdir(dir).catch(() => [])
    return names
      .flatMap((name) => /^([0-9a-z]{26})\.jsonl$/.exec(name)?.[1] ?? [])
      .sort()
      .reverse()
  }
  return {
    list,
    async open(head, jobs) {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const lines: BatchLine[] = [{ is: 'head', head }, ...jobs.map((job) => ({ is: 'job' as const, job }))]
      await appendFile(fileOf(head.id), lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 })
      return batchFile(fileOf(head.id))
    },
    async read(start) {
      const found = (await list()).filter((id) => id.startsWith(start.toLowerCase()))
      const [id, second] = found
      if (id === undefined || second !== undefined) return null
      const kept = parsed(await ownText(fileOf(id)))
      return kept && { ...kept, file: batchFile(fileOf(id)) }
    },
    remove: (id) => rm(fileOf(id), { force: true }),
  }
}

function batchFile(file: string): BatchFile {
  const add = (line: BatchLine) => appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 })
  return {
    asked: (key, ordinal) => add({ is: 'asked', key, ordinal }),
    answered: (key, answer) => add({ is: 'answered', key, answer }),
    withdrawn: (key) => add({ is: 'withdrawn', key }),
  }
}

/** A last line that a killed process has not finished is left out. */
function parsed(text: string): KeptBatch | null {
  let head: BatchHead | null = null
  const jobs: AskedJob[] = []
  const askings = new Map<string, Set<number>>()
  const answers: KeptBatch['answers'] = new Map()
  for (const row of text.split('\n')) {
    const read = BatchLine.safeParse(json(row))
    if (!read.success) continue
    const line = read.data
    if (line.is === 'head') head = line.head
    else if (line.is === 'job') jobs.push(line.job)
    else if (line.is === 'asked') askings.set(line.key, new Set([...(askings.get(line.key) ?? []), line.ordinal]))
    else if (line.is === 'answered') answers.set(line.key, line.answer)
    else answers.delete(line.key)
  }
  return head && { head, jobs, askings, answers }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function ownText(file: string): Promise<string> {
  const facts = await lstat(file).catch(() => null)
  if (!facts?.isFile() || facts.uid !== process.geteuid?.() || (facts.mode & 0o077) !== 0) return ''
  return (await readSmall(file, MOST))?.toString('utf8') ?? ''
}
