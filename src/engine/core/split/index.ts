/** A change taken apart into tests and product. */
export { judgesToPutBack } from './put-back.ts'
export { saidByJudges } from './said-by-judges.ts'
export {
  broughtTests,
  type ChangeSplit,
  contentsOfSide,
  editsToBring,
  editsToPutBack,
  editsToSide,
  judgesInTheWay,
  type MixedFile,
  splitChangeWithPrograms,
  splitInside,
  touchedJudges,
} from './tests-and-product.ts'
