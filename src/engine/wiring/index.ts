/** Opens the adapters for a policy; the only room that knows adapters, the environment and the clock. */
export { boundsOf } from './bounds.ts'
export { askerName, type BrokerSettings, brokerSettings, brokerUrl, openBroker } from './broker.ts'
export { clock } from './clock.ts'
export { watchDependencies } from './dependency-watch.ts'
export { findIncludes } from './includes.ts'
export { type PolicyOfGate, readForeignPolicy, readGatePolicy, readPolicy, refuseUnaccepted } from './policy.ts'
export {
  findProposerPlug,
  openProposers,
  placeOfProposers,
  presetLine,
  proposerConfig,
  proposerKeys,
} from './proposers.ts'
export { type OpenReader, withReader } from './reader.ts'
export { redactorOf, secretsOfPush, trackedWords, wordsAmong } from './redactor.ts'
export { openKnownVerdicts, openRefuted } from './refuted.ts'
export {
  changeSource,
  type OpenRepository,
  sweepDeadSessions,
  withRepository,
  withScratchDirectory,
} from './repository.ts'
export { containerWish, openSandbox, sandboxHostOf, sandboxKindOf, sandboxWorks } from './sandbox.ts'
export { type SessionRequest, withSession } from './session.ts'
export { openSigner, openSigning, signerAt, withoutKeyVariable } from './signing.ts'
export { traced, traceOf } from './trace.ts'
export { openTrust } from './trust.ts'
export { isSet, WORKTREE_KEYS } from './worktrees.ts'
