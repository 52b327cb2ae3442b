import type { AgentName } from './kinds.generated.ts'

/** What `init --agent` is asked for. */
export interface InitAgentsOptions {
  /** Names of agents, or `all`: those that are found; with `remove`, those that are registered. */
  readonly agents: readonly string[]
  /** The user's own file in place of that of the project. */
  readonly user: boolean
  readonly remove: boolean
  readonly dryRun: boolean
}

/** What happens to the configuration file of one agent. `none`: it is as it should be. */
export interface AgentFileChange {
  readonly agent: AgentName
  readonly title: string
  readonly file: string
  readonly change: 'added' | 'updated' | 'removed' | 'none'
  /** What a person still has to do. */
  readonly trust: string | null
}

/** What `init --agent` changed, or would change. `diff`: a patch for people. */
export interface InitAgentsResult {
  readonly files: readonly AgentFileChange[]
  readonly written: boolean
  readonly diff: string
}
