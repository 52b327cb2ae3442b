import { familyOf, tokenize } from '../../../src/engine/core/search/tokens.ts'

/** The tokens of a program, with the indents where they mean something: equal for programs that differ in comments and blanks only. */
export function codeOf(path: string, text: string): string {
  const family = familyOf(path)
  if (family === null) return text
  const bare = withoutDocumentation(text)
  let line = 0
  const words: string[] = []
  for (const token of tokenize(bare, family)) {
    if (family === 'python' && token.line !== line) {
      const start = bare.lastIndexOf('\n', token.start - 1) + 1
      words.push(`\n${token.start - start}`)
    }
    line = token.line
    if (token.text === ';') continue
    words.push(token.kind === 'string' ? token.text.replace(/^'([^'"\\]*)'$/, '"$1"') : token.text)
  }
  return words.join(' ')
}

function withoutDocumentation(text: string): string {
  return text.replace(/\n"""[\s\S]*?"""/g, '')
}
