/** Everything that touches git. */
export { lastOf } from './config.ts'
export { NOTES_TEMP } from './notes.ts'
export type { Past } from './past.ts'
export { openRepository, type Repository } from './repository.ts'
