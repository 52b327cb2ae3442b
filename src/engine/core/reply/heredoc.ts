import { ReplyRefusal } from './reply-outcome.ts'

/** `cat > a <<-'EOF'`: the command before it, the dash, the quote, the delimiter, and the rest of the line. */
const OPENING = /^(?:[ \t]*[$%>] )?(.*?)<<(-?)[ \t]*(["'\\]?)([A-Za-z_]\w*)["']?(.*)$/
const COMMAND = /\b(apply_patch|applypatch|git apply|git am|patch|cat|tee|ed)\b/
const WRITES = /(^|\s)(cat|tee)\b/

export interface Heredoc {
  /** The command line without the heredoc. */
  readonly command: string
  readonly word: string
  /** The lines as the shell passes them on. */
  readonly passed: (lines: readonly string[]) => readonly string[]
}

/** null: the line begins no heredoc of a command that writes files or applies patches. */
export function readHeredoc(line: string): Heredoc | null {
  const [, command = '', dash, quote, word = '', rest = ''] = OPENING.exec(line) ?? []
  if (!COMMAND.test(command)) return null
  const plain = quote === '' && WRITES.test(command) ? unescaped : (lines: readonly string[]) => lines
  const passed = (lines: readonly string[]) => plain(dash === '-' ? lines.map((one) => one.replace(/^\t+/, '')) : lines)
  return { command: `${command} ${rest}`.trim(), word, passed }
}

/**
 * If the delimiter is not quoted, a shell replaces $NAME and removes backslashes. If some of these are escaped, the author
 * follows the rules of the shell and must escape all of them; if none is escaped, the author forgot the quotes.
 */
function unescaped(lines: readonly string[]): readonly string[] {
  const text = lines.join('\n')
  if (!/\\[$`]/.test(text)) return lines
  if (/\$[\w({]|`/.test(text.replace(/\\[\\$`]/g, '')))
    throw new ReplyRefusal('format', 'A shell would replace a part of the heredoc; quote its delimiter.')
  return text.replace(/\\([$`\\])/g, '$1').split('\n')
}
