import { lastOf } from './config.ts'
import type { Ground } from './ground.ts'

/** What `doctor` wants to know of a repository. */
export interface Facts {
  readonly shallow: boolean
  /** The remote that lends objects which are not here; null for a whole clone. */
  readonly promisor: string | null
  readonly sparse: boolean
  /** When the commit of HEAD was made. ms since 1970. */
  readonly headAt: number
}

export async function facts(ground: Ground): Promise<Facts> {
  const [shallow, headAt] = await Promise.all([
    ground.user.text(['rev-parse', '--is-shallow-repository']),
    ground.user.text(['rev-list', '--max-count=1', '--no-commit-header', '--format=%ct', 'HEAD']),
  ])
  const promisors = [...ground.config.keys()].flatMap((key) => /^remote\.(.+)\.promisor$/s.exec(key)?.[1] ?? [])
  return {
    shallow: shallow === 'true',
    promisor: lastOf(ground.config, 'extensions.partialclone') ?? promisors[0] ?? null,
    sparse: lastOf(ground.config, 'core.sparsecheckout') === 'true',
    headAt: Number(headAt) * 1000,
  }
}

/** What a checkout of a tree takes: files, and bytes of their contents. */
export async function sizeOf(
  ground: Ground,
  tree: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const lines = (await ground.plain.text(['ls-tree', '-r', '-l', tree])).split('\n').filter((line) => line !== '')
  const sizes = lines.map((line) => Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(line)?.[1] ?? 0))
  return { files: sizes.length, bytes: sizes.reduce((sum, one) => sum + one, 0) }
}
