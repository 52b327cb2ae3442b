import { PpError } from '../../../model/error.ts'
import type { Workspace } from '../../../ports/workspace.ts'

/** The arguments that start a program in the namespaces in which a work tree is mounted; [] for a plain directory. */
export function enterArgv(nsenter: string | null, { stack }: Pick<Workspace, 'stack'>): readonly string[] {
  if (stack === null) return []
  if (nsenter === null) throw new PpError('INTERNAL', 'a tree was stacked although nsenter is missing')
  const { user, mount } = stack.namespaces
  return [nsenter, `--user=${user}`, '--preserve-credentials', `--mount=${mount}`, '--']
}
