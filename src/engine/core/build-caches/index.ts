/** Caches of compilers that the runs of a session may start from. */
export type { BuildCache } from './build-cache.ts'
export { buildCachesFor } from './build-caches-for.ts'
