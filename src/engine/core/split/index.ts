/** A change taken apart into tests and product. */
export { judgesToPutBack } from './put-back.ts'
export {
  broughtTests,
  type ChangeSplit,
  contentsOfSide,
  editsToSide,
  splitChangeWithPrograms,
  touchedJudges,
} from './tests-and-product.ts'
