import type { BaseReads } from '../../model/base-reads.ts'
import type { Change } from '../../model/change.ts'
import type { JudgeClassifier } from '../judges/index.ts'
import { languageOf, productDirectories } from './product-directories.ts'

/**
 * `judge`: it decides what passes. `product`: source that the run of the base read. `read`: the run read it, but it is no
 * source that could be executed: data. `not seen`: the run did not read it.
 */
export type FileClass = 'judge' | 'product' | 'read' | 'not seen'

export type FileClassifier = (change: Change) => FileClass

export interface ClassFacts {
  readonly judgeOf: JudgeClassifier
  readonly reads: BaseReads
  /** Whether a file is source of a language that is read. */
  readonly isSource: (path: string) => boolean
  /** Files that the command itself looks at. */
  readonly lookedAt: ReadonlySet<string>
  /** Added files that count as product, because changed product names them. */
  readonly added: ReadonlySet<string>
}

/**
 * Classifies the files of a change. If nothing could be observed, all files that are no judges are product. So are files that
 * the command itself looks at. If the run ended
 * before a test ran, source next to the product is product as well; if it read no product at all, so is all source in the language
 * of the tests that it read.
 */
export function fileClassifier({ judgeOf, reads, isSource: isRead, lookedAt, added }: ClassFacts): FileClassifier {
  const { seen, testsRan } = reads
  const isNear = nearProduct([...(seen ?? [])], judgeOf)
  return ({ path, before, after }) => {
    if (judgeOf(path, { added: before === null }) !== null) return 'judge'
    if (seen === null || lookedAt.has(path)) return 'product'
    const isSource = languageOf(path) !== null || isRead(path) || isProgram(before ?? after)
    if (seen.has(path)) return isSource ? 'product' : 'read'
    if (before === null) return added.has(path) ? 'product' : 'not seen'
    return isSource && !testsRan && isNear(path) ? 'product' : 'not seen'
  }
}

function nearProduct(seen: readonly string[], judgeOf: JudgeClassifier): (path: string) => boolean {
  const languages = new Set(seen.flatMap((path) => languageOf(path) ?? []))
  const product = seen.filter((path) => judgeOf(path) === null && languageOf(path) !== null)
  return product.length === 0 ? (path) => languages.has(languageOf(path) ?? '') : productDirectories(product)
}

function isProgram(side: Change['before']): boolean {
  return side?.mode === '100755'
}
