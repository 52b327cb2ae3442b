import { lastValueOf } from './config.ts'
import type { GitContext } from './git-context.ts'

/** What `doctor` checks about a repository. */
export interface RepositoryFacts {
  readonly shallow: boolean
  /** The remote that provides missing objects; null for a full clone. */
  readonly promisor: string | null
  readonly sparse: boolean
  /** When the commit of HEAD was made. ms since 1970. */
  readonly headAt: number
}

export async function repositoryFacts(gitContext: GitContext): Promise<RepositoryFacts> {
  const [shallow, headAt] = await Promise.all([
    gitContext.user.text(['rev-parse', '--is-shallow-repository']),
    gitContext.user.text(['rev-list', '--max-count=1', '--no-commit-header', '--format=%ct', 'HEAD']),
  ])
  const promisors = [...gitContext.config.keys()].flatMap((key) => /^remote\.(.+)\.promisor$/s.exec(key)?.[1] ?? [])
  return {
    shallow: shallow === 'true',
    promisor: lastValueOf(gitContext.config, 'extensions.partialclone') ?? promisors[0] ?? null,
    sparse: lastValueOf(gitContext.config, 'core.sparsecheckout') === 'true',
    headAt: Number(headAt) * 1000,
  }
}

/** What a checkout of a tree needs: the number of files, and the bytes of their contents. */
export async function sizeOf(
  gitContext: GitContext,
  tree: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const lines = (await gitContext.plain.text(['ls-tree', '-r', '-l', tree])).split('\n').filter((line) => line !== '')
  const sizes = lines.map((line) => Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(line)?.[1] ?? 0))
  return { files: sizes.length, bytes: sizes.reduce((sum, one) => sum + one, 0) }
}
