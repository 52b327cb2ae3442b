import type { Target } from '../../model/command.ts'
import type { ClassifyByName } from '../judges/index.ts'
import { ledTo } from './led.ts'
import type { Texts } from './what-call-runs.ts'

/** How many times the discovery of further files may be repeated. */
const MOST_ROUNDS = 20
const MOST_FILES = 200
/** In characters, for each file. */
const LONGEST = 262_144

/** Reads the files of the base that the targets lead to. `files`: all of the base. */
export async function textsOnTheWay(
  targets: readonly Target[],
  files: readonly { readonly path: string; readonly oid: string; readonly mode: string }[],
  byName: ClassifyByName,
  read: (oid: string) => Promise<Uint8Array>,
): Promise<Texts> {
  const oids = new Map(files.flatMap(({ path, oid, mode }) => (mode.startsWith('100') ? [[path, oid] as const] : [])))
  const paths = files.map(({ path }) => path)
  const known = new Map<string, string>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = new Set<string>()
    const of = (path: string) => {
      if (!known.has(path)) wanted.add(path)
      return known.get(path) ?? null
    }
    ledTo(targets, paths, { of, all: () => [] }, byName)
    const next = [...wanted].slice(0, MOST_FILES - known.size)
    if (next.length === 0) break
    for (const path of next) known.set(path, await textOf(oids.get(path), read))
  }
  return { of: (path) => known.get(path) ?? null, all: () => known.values() }
}

async function textOf(oid: string | undefined, read: (oid: string) => Promise<Uint8Array>): Promise<string> {
  return oid === undefined ? '' : new TextDecoder().decode((await read(oid)).subarray(0, LONGEST))
}
