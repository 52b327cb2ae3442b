/** Which judges the policy or the user allows a change to edit. */
export {
  allowedJudgesPhrase,
  type JudgeChangePermission,
  judgeChangePermission,
  namesOneFile,
} from './allowed-changes.ts'
