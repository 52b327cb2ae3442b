/** Git's patches, for verifiers that trust no git: their sections and deltas, what they make of files, and their ids. */
export { applyPatchSection, type Inflate } from './apply-patch-section.ts'
export { applyDelta, deltaSizes } from './delta.ts'
export { filesAfter } from './files-after.ts'
export { patchId } from './patch-id.ts'
export { readSections, sectionsDifference } from './patch-sections.ts'
