/** Lines that people paste into a shell: each word is quoted, or the line is not offered. */

export { commandLineAgain } from './command-line-again.ts'
export { safeName, safePath, safeVariable } from './mend.ts'
