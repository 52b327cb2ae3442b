import { posix } from 'node:path'
import { safePath } from '../core/advice/index.ts'
import { printedText } from '../core/bytes/index.ts'
import { headline, withFirstLines } from '../core/failure/index.ts'
import { invalidRed, moduleIndex, type RunConditions } from '../core/invalid-red/index.ts'
import { locations, resolveLocations } from '../core/locations/index.ts'
import { CHECKOUT } from '../core/redact/index.ts'
import { failuresInOutput, readTestOutput, runners } from '../evidence/index.ts'
import type { Repository } from '../git/index.ts'
import { shellWord } from '../model/command.ts'
import type { Ended } from '../model/evidence.ts'
import type { Oid } from '../model/oid.ts'
import type { Inspector } from '../ports/inspector.ts'
import type { IncludedDependency } from '../ports/workspace.ts'
import { programLookup } from './program-lookup.ts'

/** What the commands of a session see of their environment, and what they do not see. */
export interface VisibleSurroundings extends Pick<RunConditions, 'droppedVariables' | 'network' | 'history'> {
  readonly includes: readonly IncludedDependency[]
  /** The caller's PATH. */
  readonly path: string
}

/** Reads outputs with every known runner and the files of these trees. Kept outputs name the checkout as CHECKOUT. */
export async function inspectorOf(
  repository: Repository,
  trees: readonly Oid[],
  seen: VisibleSurroundings,
): Promise<Inspector> {
  const lists = await Promise.all(trees.map((tree) => repository.objects.list(tree)))
  const tracked = [...new Set(lists.flat().map(({ path }) => path))]
  const { prefix } = repository.place
  const isTracked = (path: string) => tracked.some((one) => one === path || one.startsWith(`${path}/`))
  const programs = programLookup(seen.path, repository.place.top, isTracked)
  const around = {
    ...seen,
    hasModule: moduleIndex(tracked),
    ignored: includable(await repository.ignoredFiles(), seen.includes, prefix),
  }
  return {
    inspect(command, execution, cwd) {
      const output = printedText(execution)
      const { invalid: runnerInvalid, tests, ...said } = readTestOutput(command, execution, runners)
      const { ended, foreign = null } = execution
      return {
        ...said,
        tests: tests && withFirstLines(tests),
        // A run without tests has no value, however it ends.
        invalid: succeeded(ended)
          ? runnerInvalid
          : invalidRed({ ...around, programs, cwd, output, ended, foreign, runnerInvalid }),
        headline: headline(output),
      }
    },
    failures: (command, execution) => failuresInOutput(command, execution, runners),
    runnerOf: (command) => runners.find((runner) => runner.recognises(command, '')) ?? null,
    places: (execution, cwd) => resolveLocations(locations(printedText(execution)), tracked, { root: CHECKOUT, cwd }),
  }
}

/** Ignored files that no run sees yet, as the user would type them after --include; never files that look like secrets. */
function includable(
  find: (path: string) => string | null,
  includes: readonly IncludedDependency[],
  prefix: string,
): RunConditions['ignored'] {
  return (path) => {
    const found = find(path)
    const seen = includes.some((one) => found === one.path || found?.startsWith(`${one.path}/`))
    if (found === null || seen || safePath(found) === null) return null
    const from = posix.relative(prefix, found)
    return from.startsWith('../') ? shellWord(from) : safePath(from)
  }
}

function succeeded(ended: Ended): boolean {
  return ended.how === 'exited' && ended.code === 0
}
