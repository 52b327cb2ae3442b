/** The coding agents that call the gate; each file is one agent. */
export { agents, findAgent } from './index.generated.ts'
export { type ConfigurationFile, readConfiguration, writeConfiguration } from './lib/configuration-file.ts'
export { findProgram, liesIn } from './lib/find-program.ts'
