/** Which files decide about a verdict by their names, and which of them a change may edit. */

export {
  allowedJudgesPhrase,
  type JudgeChangePermission,
  judgeChangePermission,
  namesOneFile,
} from './allowed-changes.ts'
export { couldBeLoaded, isDataJudge } from './data-judges.ts'
export type { JudgeClassifier } from './judge-classifier.ts'
export { type ClassifyByName, judgeClassifierOf, judgeKindOf } from './judges-by-name.ts'
