/** A read-only repository without git, for verifiers that start no program. */
export type { Files } from './files.ts'
export { inflate } from './inflate.ts'
export { openPortable, type PortableRepository } from './repository.ts'
export { verifierOf } from './verifiers.ts'
