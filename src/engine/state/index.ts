/** The directories of this tool on this machine. */
export { ignoreArtifacts, type OpenedDir, openBundleDir, readBundleDir, writeBundleDir } from './bundle-dir.ts'
export type { LeftContainer } from './containers.ts'
export { fileHolding } from './holding.ts'
export { included } from './included.ts'
export { keepLeftovers } from './leftovers.ts'
export { isMade, rememberMade } from './made.ts'
export { cacheDir, openSessionDir, repositoryDir, type SessionDir } from './session-dir.ts'
export { type Sweeping, type Swept, sweep } from './sweep.ts'
