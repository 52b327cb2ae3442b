/** Which judges are mounted read-only, and which ones the base was seen to write. */
export { mounted } from './read-only.ts'
export { nothingWritable, remember, some, type Writable, type Written } from './writable.ts'
