import { printed } from '../core/ansi.ts'
import { headline } from '../core/failure.ts'
import { invalidRed } from '../core/invalid-red.ts'
import { resolve } from '../core/locations/resolve.ts'
import { locations } from '../core/locations.ts'
import { CHECKOUT } from '../core/redact/places.ts'
import { heard } from '../evidence/read-tests.ts'
import { runners } from '../evidence/runners/index.generated.ts'
import type { Repository } from '../git/repository.ts'
import type { Ended } from '../model/evidence.ts'
import type { Oid } from '../model/oid.ts'
import type { Inspector } from '../ports/inspector.ts'
import { moduleIndex } from './modules.ts'

/** Reads outputs with every known runner, against the files of these trees. What is kept of an output calls the checkout CHECKOUT. */
export async function inspectorOf(
  repository: Repository,
  trees: readonly Oid[],
  droppedVariables: readonly string[],
  network: 'deny' | 'allow',
): Promise<Inspector> {
  const lists = await Promise.all(trees.map((tree) => repository.objects.list(tree)))
  const tracked = [...new Set(lists.flat().map(({ path }) => path))]
  const hasModule = moduleIndex(tracked)
  return {
    inspect(command, execution) {
      const output = printed(execution)
      const { invalid: runnerInvalid, ...said } = heard(command, execution, runners)
      const { ended } = execution
      return {
        ...said,
        // A run of no tests is worth nothing, however it ends.
        invalid: succeeded(ended)
          ? runnerInvalid
          : invalidRed({ output, ended, droppedVariables, network, hasModule, runnerInvalid }),
        headline: headline(output),
      }
    },
    places: (execution, cwd) => resolve(locations(printed(execution)), tracked, { root: CHECKOUT, cwd }),
  }
}

function succeeded(ended: Ended): boolean {
  return ended.how === 'exited' && ended.code === 0
}
