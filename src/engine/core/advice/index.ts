/** Lines that people paste into a shell: each word is quoted, or the line is not offered. */
export { safeName, safePath, safeVariable } from './mend.ts'
export { typedAgain } from './typed-again.ts'
