/** Which policy fits a project: the suggestion of `git pp init`. */
export { policyText } from './policy-text.ts'
export type { ProjectSurvey } from './project-survey.ts'
export { suggestPolicy } from './suggest-policy.ts'
