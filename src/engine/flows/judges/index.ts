/** Which judges are read-only in a run, and what is said when one was refused or moved. */
export { type Freedom, type Judges, judgesOf, MEND_REFUSAL, mayLearn, movedIn, refusal } from './judges.ts'
