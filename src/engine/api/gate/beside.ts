import { asksForDependencies } from '../../core/gate/index.ts'
import type { GateBase } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import { type BesideFiles, changedBeside, digestBeside, type GateStore, listBeside } from '../../state/index.ts'
import { findIncludes, type OpenRepository, type PolicyOfGate } from '../../wiring/index.ts'

/** Notes every file of the dependencies that runs see, so that a change of one is noticed at a stop. */
export async function rememberDependencies(
  openRepo: OpenRepository,
  store: GateStore,
  session: string,
  base: Pick<GateBase, 'tree'>,
  asked: PolicyOfGate,
): Promise<void> {
  const directories = await directoriesBeside(openRepo, base, asked)
  const { top } = openRepo.repository.place
  await store.keepPart(session, 'beside', { directories, files: listBeside(top, directories) })
}

interface Beside {
  readonly directories: readonly string[]
  /** Null: there were too many. */
  readonly files: BesideFiles | null
}

/** Notes the contents of those files, in a process that nobody waits for. */
export async function digestDependencies(top: string, store: GateStore, session: string): Promise<void> {
  const beside = await store.part<Beside>(session, 'beside')
  if (beside?.files) await store.keepPart(session, 'digests', await digestBeside(top, beside.files))
}

/** What is known when dependencies are compared. `baseRan`: the base could be run when the session began. */
export interface SinceBegin {
  readonly session: string
  readonly base: GateBase
  readonly tree: Oid
  readonly baseRan: boolean | null
}

/**
 * Files of dependencies that changed since the session began, although nothing in the change asks for other dependencies. A
 * directory of them that is new counts where the base could be run without it; where it could not, somebody had to install.
 */
export async function dependenciesChanged(
  openRepo: OpenRepository,
  store: GateStore,
  { session, base, tree, baseRan }: SinceBegin,
  asked: PolicyOfGate,
): Promise<readonly string[]> {
  const { repository } = openRepo
  const beside = await store.part<Beside>(session, 'beside')
  if (!beside?.files) return []
  const changes = await repository.objects.changes(base.tree, tree)
  if (changes.some(({ path }) => asksForDependencies(path))) return []
  const { top } = repository.place
  const now = listBeside(top, beside.directories)
  if (now === null) return [...beside.directories]
  const added = baseRan === true ? (await directoriesBeside(openRepo, base, asked)).filter(isNewIn(beside)) : []
  const digests = (await store.part<Record<string, string>>(session, 'digests')) ?? {}
  return [...added, ...(await changedBeside(top, beside.files, now, digests))]
}

function isNewIn({ directories }: Beside): (path: string) => boolean {
  return (path) => !directories.includes(path)
}

async function directoriesBeside(
  { repository }: OpenRepository,
  { tree }: Pick<GateBase, 'tree'>,
  { policy }: PolicyOfGate,
): Promise<readonly string[]> {
  const { includes } = await findIncludes(repository, tree, policy.worktree, { typed: [], unasked: true })
  return includes.filter(({ directory }) => directory).map(({ path }) => path)
}
