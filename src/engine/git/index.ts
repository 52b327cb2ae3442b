/** Everything that touches git. */
export { lastValueOf } from './config.ts'
export { NOTES_TEMP } from './notes.ts'
export { openReader, type RepositoryReader } from './reader.ts'
export { openRepository, type Repository } from './repository.ts'
export { type ServedClone, servedClone } from './served-clone.ts'
export { userConfig } from './user-config.ts'
export type { VisibleHistory } from './visible-history.ts'
export type { LayerOptions } from './workspaces.ts'
