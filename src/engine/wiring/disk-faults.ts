import { PpError } from '../model/error.ts'

/** Error codes for a disk that is full, read-only or broken, and for limits of the system that we exceed. */
const DISK = new Set('ENOSPC EDQUOT EROFS EIO EACCES EPERM EMFILE ENFILE ESTALE ENOTCONN'.split(' '))

/** Turns such an error into a named fault, because it is not a mistake of this tool. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PpError || !(error instanceof Error) || !('code' in error)) throw error
    if (typeof error.code !== 'string' || !DISK.has(error.code)) throw error
    throw new PpError('DISK_FAILED', `the disk or the system refused to work: ${error.message}`, { cause: error })
  }
}
