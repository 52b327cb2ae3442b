/** How words are marked on a terminal; each takes text and gives text. */
export interface TerminalStyles {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly unsure: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

const mark = (on: boolean, code: number, end: number) => (text: string) =>
  on ? `\x1b[${code}m${text}\x1b[${end}m` : text

export function terminalStyles(on: boolean): TerminalStyles {
  return {
    good: mark(on, 32, 39),
    bad: mark(on, 31, 39),
    unsure: mark(on, 33, 39),
    strong: mark(on, 1, 22),
    faint: mark(on, 2, 22),
  }
}

/**
 * Whether a stream gets colours: decided by FORCE_COLOR, else by NO_COLOR (https://no-color.org), else by whether it is a
 * terminal that is not dumb.
 */
export function wantsColour(isTty: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const force = env['FORCE_COLOR']
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  if (env['NO_COLOR']) return false
  return isTty && env['TERM'] !== 'dumb'
}
