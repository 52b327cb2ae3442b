/** For each key of the policy: whether a new value allows more than an old one. */
export {
  type IsLooser,
  looserAccept,
  looserBackend,
  looserCpu,
  looserFocus,
  looserHistory,
  looserMemory,
  looserMinimum,
  looserNumber,
  looserObservation,
  looserRuns,
  looserSigning,
  looserWhenFalse,
  looserWhenTrue,
  looserWord,
} from './is-looser.ts'
