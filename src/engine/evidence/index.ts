/** Reading what a command left: runners, tracers, languages. */
export { failuresInOutput } from './failures-in-output.ts'
export { readTestOutput } from './read-test-output.ts'
export { runners } from './runners/index.generated.ts'
export { treeSitter } from './syntax/tree-sitter.ts'
export { tracers } from './tracers/index.generated.ts'
export { validators } from './validators/index.generated.ts'
