import { join } from 'node:path'

/** The file that starts the built program; null for a process that runs from the source. */
export const BUILT_PROGRAM = import.meta.filename.endsWith('.cjs')
  ? join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')
  : null
