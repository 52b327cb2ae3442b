/** Git's own object formats, for verifiers that trust no git: ids, trees, commits. */

export { type EntryEdits, editedTree } from './edited-tree.ts'
export { pathBytes, pathOf } from './path-bytes.ts'
export { parseCommit } from './raw-commit.ts'
export { type MadeTree, type TreeRow, treeOfRows } from './tree-content.ts'
export { blobId, editedTreeId, formatOf, treeId } from './tree-id.ts'
export { parseTreeObject, type TreeObjectEntry } from './tree-object.ts'
export { treeSizeCheck } from './tree-size.ts'
export { changesOfTrees, filesOfTree, type ReadTreeObject } from './tree-walk.ts'
export { verifiedObjects } from './verified-objects.ts'
