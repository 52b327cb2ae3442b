/** Which judges are read-only in a run, and what is said when one was refused or moved. */
export { ifMeant } from './if-meant.ts'
export { type Freedom, type Judges, judgesOf, knownWrites, mayLearn, movedIn, refusal } from './judges.ts'
