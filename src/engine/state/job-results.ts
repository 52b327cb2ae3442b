import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSmall } from '../platform/index.ts'

/** In bytes, of all results of one job. */
const MOST = 64 * 1024 * 1024

/**
 * Signed results that were believed once, by the key of their job. They are only a saving of work: whoever reads them checks
 * everything again.
 */
export interface JobResults {
  read(key: string): Promise<readonly Uint8Array[]>
  /** No result: what is kept of the key is removed. */
  keep(key: string, results: readonly Uint8Array[]): Promise<void>
  /** The highest ordinal under which a key was ever asked for, and that of the newest asking with an answer; 0: none. */
  askings(key: string): Promise<{ readonly asked: number; readonly answered: number }>
  asked(key: string, ordinal: number): Promise<void>
  /** All askings so far are over. */
  answered(key: string): Promise<void>
}

/** `state`: the directory of a repository. */
export function jobResults(state: string): JobResults {
  const dir = join(state, 'jobs')
  const place = (key: string, what: string) => join(dir, key.slice(0, 2), `${key}.${what}`)
  const write = async (file: string, bytes: Uint8Array | string) => {
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
    await writeFile(`${file}~`, bytes, { mode: 0o600 })
    await rename(`${file}~`, file)
  }
  const askings = async (key: string) => {
    const [, asked = '0', answered = '0'] = /^(\d{1,6}) (\d{1,6})$/.exec(await own(place(key, 'asked'))) ?? []
    return { asked: Number(asked), answered: Number(answered) }
  }
  return {
    async read(key) {
      const text = await own(place(key, 'results'))
      return text === '' ? [] : text.split('\n').map((line) => Buffer.from(line, 'utf8'))
    },
    async keep(key, results) {
      if (results.length === 0) return rm(place(key, 'results'), { force: true })
      await write(place(key, 'results'), results.map((one) => Buffer.from(one).toString('utf8')).join('\n'))
    },
    askings,
    async asked(key, ordinal) {
      const { asked, answered } = await askings(key)
      if (ordinal > asked) await write(place(key, 'asked'), `${ordinal} ${answered}`)
    },
    async answered(key) {
      const { asked } = await askings(key)
      await write(place(key, 'asked'), `${asked} ${asked}`)
    },
  }
}

async function own(file: string): Promise<string> {
  const facts = await lstat(file).catch(() => null)
  if (!facts?.isFile() || facts.uid !== process.geteuid?.() || (facts.mode & 0o077) !== 0) return ''
  return (await readSmall(file, MOST))?.toString('utf8') ?? ''
}
