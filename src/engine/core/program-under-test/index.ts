/** Commands that run the program under test themselves: what a failure says about it, and which checks it contains. */
export {
  assertsAt,
  type DiagnosticLocation,
  hasAssertion,
  keepsAssertions,
  onlyDiagnosticOf,
} from './program-checks.ts'
