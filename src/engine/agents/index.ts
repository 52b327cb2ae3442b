/** The coding agents that call the gate; each file is one agent. */
export { agents, findAgent } from './index.generated.ts'
