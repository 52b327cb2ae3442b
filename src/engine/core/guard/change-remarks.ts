import type { Change } from '../../model/change.ts'
import { automaticExecutionOf } from './automatic-execution.ts'
import { type BlobContents, isBinary, isPackageFile, isRegularFile, packageScripts } from './content-problem.ts'

/** What a reader has to know about a change that is allowed; reports list it first. */
export interface ChangeRemark {
  readonly kind: 'runs-by-itself' | 'executable' | 'binary'
  readonly path: string
}

export function remarks(changes: readonly Change[], blobs: BlobContents): readonly ChangeRemark[] {
  return changes.flatMap((change): ChangeRemark[] => {
    const { path, before, after } = change
    const runs = automaticExecutionOf(path) !== null || (isPackageFile(path) && packageScripts(change, blobs) !== null)
    const bytes = isRegularFile(after) ? blobs.get(after.oid) : undefined
    return [
      ...(runs ? [{ kind: 'runs-by-itself', path } as const] : []),
      ...(after?.mode === '100755' && before?.mode !== '100755' ? [{ kind: 'executable', path } as const] : []),
      ...(bytes && isBinary(bytes) ? [{ kind: 'binary', path } as const] : []),
    ]
  })
}
