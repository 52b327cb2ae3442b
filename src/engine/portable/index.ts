/** A read-only repository without git, for verifiers that start no program. */

export { inflate } from './inflate.ts'
export type { Files } from './limited-reader.ts'
export { openPortable, type PortableRepository } from './repository.ts'
export { verifierOf } from './verifiers.ts'
