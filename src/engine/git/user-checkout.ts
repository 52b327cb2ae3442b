import * as fs from 'node:fs/promises'
import type { Change } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { Objects } from '../ports/repository.ts'
import type { CheckoutObstacle, UserCheckout } from '../ports/user-checkout.ts'
import { filtersOf } from './attributes.ts'
import { commitRules } from './commit-rules.ts'
import { filterNames, lastValueOf } from './config.ts'
import type { GitContext } from './git-context.ts'
import { type GitIdentity, identEnv } from './identity.ts'
import { zeroId } from './object-format.ts'
import { indexLine } from './objects.ts'
import { nulEnded, parseRaw } from './parse-output.ts'
import { lstatIfPresent, parentsOf, pathOnDisk, writeEdits } from './paths-on-disk.ts'

export function userCheckout(
  gitContext: GitContext,
  userIndex: string,
  objects: Objects,
  ident: () => Promise<GitIdentity>,
): UserCheckout {
  const { top } = gitContext.place
  const inTree = gitContext.user.with({ cwd: top, env: { GIT_WORK_TREE: top } })
  return {
    async obstacles(from, to) {
      const changes = await objects.changes(from, to)
      const names = changes.map(({ path }) => path)
      const configured = new Set(filterNames(gitContext.config))
      const filters = configured.size === 0 ? new Map<string, string>() : await filtersOf(inTree, names, [])
      const found = await Promise.all(
        changes.map(async (change): Promise<readonly CheckoutObstacle[]> => {
          const filter = filters.get(change.path)
          const filtered = filter !== undefined && configured.has(filter)
          const why = filtered
            ? `it needs the filter '${filter}', which git pp does not run`
            : await inTheWay(top, change)
          return why === null ? [] : [{ path: change.path, why }]
        }),
      )
      return found.flat()
    },
    async write(from, to) {
      const changes = await objects.changes(from, to)
      await writeIndex(gitContext, userIndex, from, changes)
      await writeEdits(top, new Map(changes.flatMap(({ path, after }) => (after === null ? [[path, null]] : []))))
      await writeFiles(gitContext, to, changes)
      // This only saves git from reading the files again; it ends with status 1 if other files are dirty.
      await inTree.run(['update-index', '-q', '--refresh'], { env: { GIT_INDEX_FILE: userIndex } })
    },
    rules: () => commitRules(gitContext),
    async advance(from, to, why) {
      // The user's branch moves, so it gets its usual line in the reflog.
      const log = lastValueOf(gitContext.config, 'core.logallrefupdates') ?? 'true'
      const args = ['-c', `core.logAllRefUpdates=${log}`, 'update-ref', '-m', `git pp apply: ${why}`, 'HEAD', to, from]
      await gitContext.user.bytes(args, { env: identEnv(await ident()) })
    },
  }
}

async function inTheWay(top: string, { path, before, after }: Change): Promise<string | null> {
  const modes = [before?.mode, after?.mode].filter((mode) => mode !== undefined)
  if (modes.some((mode) => !mode.startsWith('100'))) return 'it is a link or a submodule'
  const parents = await parentsOf(top, path)
  if (parents === 'detour') return 'a link or a file is in the place of its directory'
  const stat = parents === 'absent' ? null : await lstatIfPresent(pathOnDisk(top, path))
  if (stat?.isDirectory()) return 'a directory is in its place'
  if (before === null && stat !== null) return 'a file that git ignores is in its place'
  return null
}

/** Updates every changed path whose entry is still that of `from`; other staged content stays staged. */
async function writeIndex(gitContext: GitContext, index: string, from: Oid, changes: readonly Change[]): Promise<void> {
  const env = { GIT_INDEX_FILE: index }
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--no-abbrev', '--ignore-submodules=all', from]
  const staged = new Set(parseRaw(await gitContext.user.bytes(args, { env })).map(({ path }) => path))
  const lines = changes
    .filter(({ path }) => !staged.has(path))
    .map(({ path, after }) => indexLine(after?.mode ?? '0', after?.oid ?? zeroId(gitContext.place), path))
  if (lines.length > 0)
    await gitContext.user.bytes(['update-index', '-z', '--index-info'], { input: Buffer.concat(lines), env })
}

/** Git itself writes the files, so that their line ends follow the user's configuration. */
async function writeFiles(gitContext: GitContext, tree: Oid, changes: readonly Change[]): Promise<void> {
  const { top } = gitContext.place
  const index = gitContext.temp('landing')
  const git = gitContext.user.with({ cwd: top, env: { GIT_WORK_TREE: top, GIT_INDEX_FILE: index } })
  const written = changes.filter(({ after }) => after !== null)
  try {
    await git.bytes(['read-tree', tree])
    const input = nulEnded(written.map(({ path }) => path))
    await git.bytes(['checkout-index', '-f', '-z', '--stdin'], { input })
  } finally {
    await fs.rm(index, { force: true })
  }
}
