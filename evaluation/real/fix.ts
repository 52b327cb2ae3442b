import type { Bed, Edits } from './bed.ts'
import type { Project } from './projects.ts'
import { type Sorted, sorted, type Touched, touchedOf } from './rule.ts'

/** A fix as its parts: what the columns put together again in other ways. */
export interface Parts extends Sorted {
  readonly commit: string
  readonly base: string
  readonly tested: Edits
  /** Source and everything else that is no test. */
  readonly product: Edits
  /** Source alone: what an agent would write. */
  readonly sourceOnly: Edits
}

export async function touchedBy(bed: Pick<Bed, 'git'>, commit: string): Promise<readonly Touched[]> {
  const options = ['-r', '-z', '--no-commit-id', '--no-renames', '--raw', '--numstat']
  return touchedOf(await bed.git('diff-tree', ...options, commit))
}

export async function partsOf(bed: Bed, project: Project, commit: string): Promise<Parts> {
  const sort = sorted(project, await touchedBy(bed, commit))
  const base = (await bed.git('rev-parse', `${commit}^`)).trim()
  const asThere = (touched: readonly Touched[]): Edits => new Map(touched.map(({ path }) => [path, { as: commit }]))
  return {
    ...sort,
    commit,
    base,
    tested: asThere(sort.tests),
    product: asThere([...sort.source, ...sort.others]),
    sourceOnly: asThere(sort.source),
  }
}
