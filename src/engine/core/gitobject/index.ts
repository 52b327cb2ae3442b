/** Git's own object formats, for verifiers that trust no git: ids, trees, commits, deltas, patches. */

export { applyPatchSection, type Inflate } from './apply-patch-section.ts'
export { deltaSizes } from './delta.ts'
export { patchId } from './patch-id.ts'
export { readSections, sectionsDifference } from './patch-sections.ts'
export { pathBytes, pathOf } from './path-bytes.ts'
export { parseCommit } from './raw-commit.ts'
export { blobId, editedTreeId, formatOf, treeId } from './tree-id.ts'
export { parseTreeObject, type TreeObjectEntry } from './tree-object.ts'
export { treeSizeCheck } from './tree-size.ts'
export { verifiedObjects } from './verified-objects.ts'
