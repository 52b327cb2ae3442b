import { type Command, spellCommand } from '../../model/command.ts'
import type { Session } from './session.ts'

/** The git pp call of this session with another command, as a line to type. */
export function sessionCommandLine({ words }: Pick<Session, 'words'>, command: Command): string {
  const last = 'shell' in command ? [command.shell] : ['--', ...command.argv]
  return spellCommand({ argv: ['git', 'pp', ...words, ...last] })
}
