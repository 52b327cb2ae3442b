/** Everything that touches git. */
export { lastValueOf } from './config.ts'
export { NOTES_TEMP } from './notes.ts'
export { openReader, type RepositoryReader } from './reader.ts'
export { openRepository, type Repository } from './repository.ts'
export type { VisibleHistory } from './visible-history.ts'
export type { LayerOptions } from './workspaces.ts'
