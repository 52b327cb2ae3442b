import type { GateBase } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import { type BesideFiles, changedBeside, digestBeside, type GateStore, listBeside } from '../../state/index.ts'
import { findIncludes, type OpenRepository, type PolicyOfGate } from '../../wiring/index.ts'

/** Files that say which dependencies there have to be: a change of one is a reason for dependencies to change. */
const ASKS =
  /(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|poetry\.lock|pdm\.lock|uv\.lock|Pipfile(?:\.lock)?|go\.(?:mod|sum)|composer\.(?:json|lock)|Gemfile(?:\.lock)?|Cargo\.(?:toml|lock))$/

/** Notes every file of the dependencies that runs see, so that a change of one is noticed at a stop. */
export async function rememberDependencies(
  { repository }: OpenRepository,
  store: GateStore,
  session: string,
  { tree }: Pick<GateBase, 'tree'>,
  { policy }: PolicyOfGate,
): Promise<void> {
  const { includes } = await findIncludes(repository, tree, policy.worktree, { typed: [], unasked: true })
  const directories = includes.filter(({ directory }) => directory).map(({ path }) => path)
  await store.keepPart(session, 'beside', { directories, files: listBeside(repository.place.top, directories) })
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

/** Files of dependencies that changed since the session began, although nothing in the change asks for other dependencies. */
export async function dependenciesChanged(
  { repository }: OpenRepository,
  store: GateStore,
  session: string,
  base: GateBase,
  tree: Oid,
): Promise<readonly string[]> {
  const beside = await store.part<Beside>(session, 'beside')
  if (!beside?.files) return []
  const changes = await repository.objects.changes(base.tree, tree)
  if (changes.some(({ path }) => ASKS.test(path))) return []
  const now = listBeside(repository.place.top, beside.directories)
  if (now === null) return [...beside.directories]
  const digests = (await store.part<Record<string, string>>(session, 'digests')) ?? {}
  return changedBeside(repository.place.top, beside.files, now, digests)
}
