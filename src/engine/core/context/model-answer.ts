/** A reply without the thoughts that some models print before it. */
export function withoutThoughts(text: string): string {
  return text.replace(/^\s*<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/, '').trim()
}

// Blanks do not go past the end of a line, so that many blank lines take linear time.
const MARKS =
  /(?:^|\\n|[">])[^\S\r\n\u2028\u2029]*(?:```|~~~|@@|(?:> )?--- |diff --git |\*\*\* ?(?:Begin Patch|Update File|Add File|Delete File)|<{3,12} ?\w)/m

/** Whether a reply may hold a change in any of the known forms: a fence, a hunk, a patch header, JSON, a tag, a heredoc. */
export function mayHoldChange(reply: string): boolean {
  return MARKS.test(reply) || /[{[]\s*["'{]|<\/\w+>|<<-?\s*['"\\]?\w/.test(reply)
}

/** The first words of a foreign text, on one line, for a message. */
export function firstWords(text: string, max = 160): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= max ? line : `${line.slice(0, max)}...`
}
