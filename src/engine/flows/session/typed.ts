import { type Command, spell } from '../../model/command.ts'
import type { Session } from './session.ts'

/** The call of git pp that this session is, with another command: a line to type. */
export function typed({ words }: Pick<Session, 'words'>, command: Command): string {
  const last = 'shell' in command ? [command.shell] : ['--', ...command.argv]
  return spell({ argv: ['git', 'pp', ...words, ...last] })
}
