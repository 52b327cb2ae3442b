/** Which judges are read-only in a run, and what is said when one was refused or moved. */
export { intendedChangeHint } from './if-meant.ts'
export {
  type JudgesOfRun,
  type JudgeWriteAccess,
  judgesOfRun,
  judgesWrittenIn,
  judgeWriteRefusal,
  knownWrites,
  writesToRemember,
} from './judges-of-run.ts'
