import { posix } from 'node:path'
import { printed } from '../core/ansi.ts'
import { headline } from '../core/failure.ts'
import { invalidRed } from '../core/invalid-red.ts'
import { resolve } from '../core/locations/resolve.ts'
import { locations } from '../core/locations.ts'
import { safePath } from '../core/mend.ts'
import { CHECKOUT } from '../core/redact/places.ts'
import type { Surroundings } from '../core/wants/want.ts'
import { heard } from '../evidence/read-tests.ts'
import { runners } from '../evidence/runners/index.generated.ts'
import type { Repository } from '../git/repository.ts'
import { shellWord } from '../model/command.ts'
import type { Ended } from '../model/evidence.ts'
import type { Oid } from '../model/oid.ts'
import type { Inspector } from '../ports/inspector.ts'
import type { Include } from '../ports/workspace.ts'
import { moduleIndex } from './modules.ts'

/** What the commands of a session see of their surroundings, and what they do not. */
export interface Seen extends Pick<Surroundings, 'droppedVariables' | 'network' | 'history'> {
  readonly includes: readonly Include[]
}

/** Reads outputs with every known runner, against the files of these trees. What is kept of an output calls the checkout CHECKOUT. */
export async function inspectorOf(repository: Repository, trees: readonly Oid[], seen: Seen): Promise<Inspector> {
  const lists = await Promise.all(trees.map((tree) => repository.objects.list(tree)))
  const tracked = [...new Set(lists.flat().map(({ path }) => path))]
  const { prefix } = repository.place
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
        invalid: succeeded(ended) ? runnerInvalid : invalidRed({ ...around, cwd, output, ended, runnerInvalid }),
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
