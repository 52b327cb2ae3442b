import type { Target } from '../../model/command.ts'
import { Evidence, type Execution, type Reading } from '../../model/evidence.ts'
import { labelOf, type RunPurpose } from '../../model/run-purpose.ts'
import type { RunSummary } from '../../model/session.ts'
import { evidenceFolder, isOutput, runFile } from '../bundle-layout/index.ts'
import { canonicalJson, parseJson, sha256, utf8Bytes } from '../bytes/index.ts'
import { type BundleFileContent, PATCH_LIMIT, shortenStream } from './bundle.ts'

/** Puts a JSON file into a bundle under construction. */
export function writeJson(
  record: { set(path: string, bytes: Uint8Array): unknown },
  path: string,
  value: unknown,
): void {
  record.set(path, utf8Bytes(`${canonicalJson(value)}\n`))
}

/** One execution of a target on a tree, and what it showed. */
export interface RecordedRun extends Pick<Evidence, 'tree' | 'reading' | 'tests'> {
  readonly target: Target
  readonly step: RunPurpose
  readonly execution: Execution
  readonly judgesTouched: ReadonlyMap<string, string>
}

/** Puts one execution into a folder of runs of a bundle under construction: evidence.json, stdout, stderr. */
export function writeRun(record: Map<string, BundleFileContent>, folder: string, run: RecordedRun): void {
  const { target, execution } = run
  writeJson(record, runFile(folder, target.name, 'evidence.json'), evidenceOf(run))
  record.set(runFile(folder, target.name, 'stdout'), shortenStream(execution.stdout.kept))
  record.set(runFile(folder, target.name, 'stderr'), shortenStream(execution.stderr.kept))
}

function evidenceOf({ target, tree, step, execution, reading, tests, judgesTouched }: RecordedRun): Evidence {
  const { kept: _out, ...stdout } = execution.stdout
  const { kept: _err, ...stderr } = execution.stderr
  return {
    target: target.name,
    on: labelOf(step),
    tree,
    ended: execution.ended,
    reading,
    startedAt: execution.startedAt,
    durationMs: Math.round(execution.durationMs),
    stdout,
    stderr,
    tests,
    judgesTouched: [...judgesTouched.keys()],
  }
}

/** At most this many failing tests are named for an abridged run. */
const NAMED = 5

interface KeptRuns {
  readonly record: Map<string, BundleFileContent>
  readonly runs: RunSummary[]
}

/**
 * Abridges one of many similar runs: only how it ended is kept, without its output and with only a few names of tests. `on`:
 * its label in the list of runs.
 */
export function abridgeRuns({ record, runs }: KeptRuns, folder: string, on: string): void {
  for (const [path, part] of [...record]) {
    if (!path.startsWith(`${folder}/`)) continue
    if (isOutput(path)) record.delete(path)
    if (evidenceFolder(path) === null || !(part instanceof Uint8Array)) continue
    const evidence = Evidence.parse(parseJson(new TextDecoder().decode(part)))
    writeJson(record, path, { ...evidence, reading: shortened(evidence.reading), tests: countsOf(evidence.tests) })
  }
  for (const [at, run] of runs.entries()) if (run.on === on) runs[at] = { ...run, reading: shortened(run.reading) }
}

function shortened(reading: Reading): Reading {
  return reading.is === 'red' ? { ...reading, failing: reading.failing.slice(0, NAMED) } : reading
}

/** The counts of a runner without the names; `failing` of the reading has the first names. */
function countsOf(tests: Evidence['tests']): Evidence['tests'] {
  return tests === null ? null : { ...tests, tests: [], named: false }
}

/** Removes the records of runs that did not count in the end. */
export function dropRuns(record: Map<string, BundleFileContent>, folders: readonly string[]): void {
  for (const path of [...record.keys()])
    if (folders.some((folder) => path.startsWith(`${folder}/`))) record.delete(path)
}

/** A patch, or its size and digest if it is too large for a note: the trees of the commits give it again. */
export function writePatch(
  record: Map<string, BundleFileContent>,
  paths: { readonly whole: string; readonly digest: string },
  patch: Uint8Array,
): void {
  if (patch.length <= PATCH_LIMIT) record.set(paths.whole, patch)
  else writeJson(record, paths.digest, { bytes: patch.length, sha256: sha256(patch) })
}
