/** Coding agents that propose as they stand; each file is one agent. */
export { findPreset } from './index.generated.ts'
