import { automaticExecutionOf } from '../guard/index.ts'
import { isSourceFile } from '../paths/index.ts'

/** Directories that tools make, or that hold the code of others. */
const FOREIGN = /^(?:\..*|node_modules|vendor|third_party|dist|build|out|target|coverage|venv|__pycache__)$/
/** With more directories than this, globs name the kinds of files instead. */
const MOST = 16

/** Globs for what a change may touch: the directories that hold sources or tests, and kinds of sources at the top. */
export function writableGlobs(files: readonly string[]): readonly string[] {
  const sources = files.filter((path) => isSourceFile(path) && automaticExecutionOf(path) === null)
  // Names with control characters or bytes that are not valid text are no source directories, and cannot be written in a policy.
  const plain = sources.filter((path) => !/[\p{Cc}\p{Cs}]/u.test(path))
  const own = plain.filter((path) => !path.includes('/') || !FOREIGN.test(path.split('/')[0] ?? ''))
  const kinds = (paths: readonly string[]) => [...new Set(paths.map((path) => path.slice(path.lastIndexOf('.'))))]
  const nested = own.filter((path) => path.includes('/'))
  const dirs = [...new Set(nested.map((path) => path.slice(0, path.indexOf('/'))))]
  const below =
    dirs.length > MOST ? kinds(nested).map((kind) => `**/*${kind}`) : dirs.map((dir) => `${literalGlob(dir)}/**`)
  return [...below, ...kinds(own.filter((path) => !path.includes('/'))).map((kind) => `*${kind}`)].sort()
}

/** A name as a glob that matches it alone. */
export function literalGlob(path: string): string {
  return path.replace(/[*?[\]{}()!\\]/g, '\\$&')
}
