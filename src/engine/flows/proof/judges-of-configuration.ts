import { importedFiles } from '../../core/context/index.ts'
import { configuredJudges, isTestConfiguration, registersWithRunner } from '../../core/found-judges/index.ts'
import type { TreeEntry } from '../../model/change.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import type { Session } from '../session/index.ts'

/** At most this many files of the base are read here, and at most this many bytes of each. */
const MOST_FILES = 200
const MOST_BYTES = 262_144

type ConfiguredSession = Pick<Session, 'objects' | 'base' | 'judgeOf' | 'judges' | 'baseReads'>

/**
 * Finds judges through the configuration of the base: files that the configuration of a test runner names, and files with
 * fixtures or hooks that such a file imports. If it was observed what the base's own run reads, only what it read counts.
 */
export async function judgesOfConfiguration(session: ConfiguredSession): Promise<void> {
  const { objects, base, judgeOf, judges, baseReads } = session
  const { seen } = baseReads
  const all = (await objects.list(base.tree)).filter(({ mode }) => mode.startsWith('100'))
  const read = all.filter(({ path }) => seen === null || seen.has(path))
  const configuration = await textsOf(
    session,
    read.filter(({ path }) => judgeOf(path) === 'config' || isTestConfiguration(path)),
  )
  const paths = read.map(({ path }) => path)
  const add = (found: readonly FoundJudge[]) => {
    for (const one of found) if (judgeOf(one.path) === null && !judges.has(one.path)) judges.set(one.path, one)
  }
  const configured = configuredJudges(configuration, paths)
  add(configured)
  const loaded = new Set(configured.map(({ path }) => path))
  const code = new Map([
    ...configuration,
    ...(await textsOf(
      session,
      read.filter(({ path }) => loaded.has(path)),
    )),
  ])
  const imported = new Map<string, string>()
  for (const [from, text] of code) for (const path of importedFiles(text, from, paths)) imported.set(path, from)
  const texts = await textsOf(
    session,
    read.filter(({ path }) => imported.has(path) && judgeOf(path) === null),
  )
  for (const [path, text] of texts)
    if (registersWithRunner(path, text))
      add([
        { path, judge: 'test', why: `${imported.get(path)} imports it, and a test runner calls its fixtures or hooks` },
      ])
}

async function textsOf(
  { objects }: Pick<Session, 'objects'>,
  entries: readonly TreeEntry[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const { path, oid } of entries.slice(0, MOST_FILES))
    texts.set(path, new TextDecoder().decode((await objects.read(oid)).subarray(0, MOST_BYTES)))
  return texts
}
