/** What a changed file is to a verdict, by what the run of the base shows: a judge, product, data, or nothing that it saw. */
export { type FileClass, type FileClassifier, fileClassifier } from './file-class.ts'
export { missingAmong, newSources } from './new-sources.ts'
