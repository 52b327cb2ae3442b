import type { RepositoryPaths } from '../ports/repository.ts'

/** Whether every git gives a patch the same id: that of a binary one depends on its version, and it uses the repository's hash. */
export function hasPlainId({ objectFormat }: Pick<RepositoryPaths, 'objectFormat'>, patch: Uint8Array): boolean {
  const isText = !Buffer.from(patch.buffer, patch.byteOffset, patch.length).includes('\nGIT binary patch\n')
  return isText && objectFormat === 'sha1'
}
