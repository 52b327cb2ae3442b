import { automaticExecutionOf } from './automatic-execution.ts'

/**
 * Whether a coding agent obeys a file, or runs something because of it, without being asked: its settings, hooks and servers,
 * and those of editors and shells. Text that it only reads, such as AGENTS.md, is not among them.
 */
export function obeyedByAgents(path: string): boolean {
  const why = automaticExecutionOf(path)
  return why === 'agent' || why === 'editor' || why === 'shell' || /(?:^|\/)\.github\/hooks\//i.test(path)
}
