import { createHash } from 'node:crypto'

/**
 * Puts untrusted text between two marker lines that the text cannot contain. The marker is made from the digest of the text,
 * and made anew while the text contains it. The same text always gives the same block.
 */
export function quoteUntrusted(label: string, text: string): string {
  let mark = digest(text)
  while (text.includes(mark)) mark = digest(mark)
  return `<<<${label} ${mark}\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}>>>${label} ${mark}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
