import { createHash } from 'node:crypto'

/**
 * Text that somebody else wrote, between two lines that it cannot contain itself: the mark is drawn from the text's own
 * digest and drawn again while the text holds it. The same text always gives the same block.
 */
export function quoteUntrusted(label: string, text: string): string {
  let mark = digest(text)
  while (text.includes(mark)) mark = digest(mark)
  return `<<<${label} ${mark}\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}>>>${label} ${mark}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
