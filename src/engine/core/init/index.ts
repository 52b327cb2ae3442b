/** Which policy fits a project: the suggestion of `git pp init`. */
export { policyText } from './policy-text.ts'
export { suggest } from './suggest.ts'
export type { Survey } from './survey.ts'
