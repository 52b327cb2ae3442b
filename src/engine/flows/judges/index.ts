/** Which judges are read-only in a run, and what is said if a write to one was refused or a change of one is intended. */
export { calledByRunner, type Serving } from './called-by-runner.ts'
export {
  type ClassifiedChange,
  type Classifying,
  classifyChange,
  lacksProduct,
  unnamedOf,
} from './classify-change.ts'
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
