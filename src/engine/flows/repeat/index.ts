/** Running again where one run decides nothing: do two rounds agree, were tests rerun, are enough tests counted. */
export { difference, disagreement, OTHER_WORDS, otherWords } from './agreement.ts'
export { census } from './census.ts'
export { type Meaning, meant } from './meant.ts'
export { reruns } from './reruns.ts'
export { type Pair, type Tried, tryInTurn } from './trials.ts'
export { twice } from './twice.ts'
