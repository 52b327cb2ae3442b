/** Which judges are mounted read-only, and which ones the base was seen to write. */
export { judgesToMount } from './read-only-judges.ts'
export {
  listSomePaths,
  noWritableJudges,
  rememberWrites,
  type WritableJudges,
  type WrittenJudges,
} from './writable-judges.ts'
