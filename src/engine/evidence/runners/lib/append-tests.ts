/** The text with a block appended in the file's own line ends, after one blank line. */
export function append(text: string, block: string): string {
  return insert(text, text.length, block)
}

/** The text with a block inserted at the start of a line, between blank lines, in the file's own line ends. */
export function insert(text: string, at: number, block: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const before = text.slice(0, at)
  const after = text.slice(at)
  const gap = before === '' ? '' : /\n$/.test(before) ? end : end + end
  return `${before}${gap}${block.replaceAll('\n', end)}${after === '' ? '' : end}${after}`
}
