/** Where patches come from; each file is one kind. */
export { findProposer, proposers } from './index.generated.ts'
export { findPreset } from './presets/index.ts'
