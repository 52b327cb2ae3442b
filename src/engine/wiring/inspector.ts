import { posix } from 'node:path'
import { safePath } from '../core/advice/index.ts'
import { printed } from '../core/bytes/index.ts'
import { headline } from '../core/failure/index.ts'
import { invalidRed, moduleIndex, type Surroundings } from '../core/invalid-red/index.ts'
import { locations, resolve } from '../core/locations/index.ts'
import { CHECKOUT } from '../core/redact/index.ts'
import { heard, runners } from '../evidence/index.ts'
import type { Repository } from '../git/index.ts'
import { shellWord } from '../model/command.ts'
import type { Ended } from '../model/evidence.ts'
import type { Oid } from '../model/oid.ts'
import type { Inspector } from '../ports/inspector.ts'
import type { Include } from '../ports/workspace.ts'
import { programsOf } from './programs.ts'

/** What the commands of a session see of their surroundings, and what they do not. */
export interface Seen extends Pick<Surroundings, 'droppedVariables' | 'network' | 'history'> {
  readonly includes: readonly Include[]
  /** The caller's PATH. */
  readonly path: string
}

/** Reads outputs with every known runner, against the files of these trees. What is kept of an output calls the checkout CHECKOUT. */
export async function inspectorOf(repository: Repository, trees: readonly Oid[], seen: Seen): Promise<Inspector> {
  const lists = await Promise.all(trees.map((tree) => repository.objects.list(tree)))
  const tracked = [...new Set(lists.flat().map(({ path }) => path))]
  const { prefix } = repository.place
  const isTracked = (path: string) => tracked.some((one) => one === path || one.startsWith(`${path}/`))
  const programs = programsOf(seen.path, repository.place.top, isTracked)
  const around = {
    ...seen,
    hasModule: moduleIndex(tracked),
    ignored: includable(await repository.ignoredFiles(), seen.includes, prefix),
  }
  return {
    inspect(command, execution, cwd) {
      const output = printed(execution)
      const { invalid: runnerInvalid, ...said } = heard(command, execution, runners)
      const { ended } = execution
      return {
        ...said,
        // A run of no tests is worth nothing, however it ends.
        invalid: succeeded(ended)
          ? runnerInvalid
          : invalidRed({ ...around, programs, cwd, output, ended, runnerInvalid }),
        headline: headline(output),
      }
    },
    places: (execution, cwd) => resolve(locations(printed(execution)), tracked, { root: CHECKOUT, cwd }),
  }
}

/** Ignored files that no run sees yet, as they would be typed after --include where the caller stands; never what looks like a secret. */
function includable(
  find: (path: string) => string | null,
  includes: readonly Include[],
  prefix: string,
): Surroundings['ignored'] {
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
