import type { Change } from '../../model/change.ts'
import { runsByItself } from './by-itself.ts'
import { type Blobs, isBinary, isFile, isPackage, packageScripts } from './content.ts'

/** What a reader has to know of a change that is let pass; reports list it first. */
export interface Remark {
  readonly kind: 'runs-by-itself' | 'executable' | 'binary'
  readonly path: string
}

export function remarks(changes: readonly Change[], blobs: Blobs): readonly Remark[] {
  return changes.flatMap((change): Remark[] => {
    const { path, before, after } = change
    const runs = runsByItself(path) !== null || (isPackage(path) && packageScripts(change, blobs) !== null)
    const bytes = isFile(after) ? blobs.get(after.oid) : undefined
    return [
      ...(runs ? [{ kind: 'runs-by-itself', path } as const] : []),
      ...(after?.mode === '100755' && before?.mode !== '100755' ? [{ kind: 'executable', path } as const] : []),
      ...(bytes && isBinary(bytes) ? [{ kind: 'binary', path } as const] : []),
    ]
  })
}
