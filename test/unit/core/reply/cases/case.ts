import { MENDED, PATCH, SHOP } from '../replies.ts'

/** One reply over `TREE`: what becomes of the files, or the reason of the refusal. */
export interface ReplyCase {
  readonly what: string
  readonly reply: string
  readonly wanted: Readonly<Record<string, string>> | string
}

export const mended = { 'src/shop.py': MENDED }
export const rated = { 'src/shop.py': SHOP.replace('0.19', '0.2') }
export const both = { 'src/shop.py': MENDED.replace('0.19', '0.2') }
export const ported = { 'conf/a.yaml': 'name: a\nport: 2\nlast: yes' }

export const RATE_PATCH =
  '--- a/src/shop.py\n+++ b/src/shop.py\n@@ -3,2 +3,2 @@\n # Prices are net.\n-RATE = 0.19\n+RATE = 0.2\n'
export const PORT_PATCH =
  '--- a/conf/a.yaml\n+++ b/conf/a.yaml\n@@ -1,3 +1,3 @@\n name: a\n-port: 1\n+port: 2\n last: yes\n'
export const [OLD, YOUNG] = ['    return result - 1', '    return result']

/** The patch with another answer in the line that it adds. */
export const answering = (line: string): string => PATCH.replace('+    return result\n', `+    ${line}\n`)
export const fenced = (text: string, info = 'diff'): string => `\`\`\`${info}\n${text.replace(/\n?$/, '\n')}\`\`\`\n`

export const cases = (wanted: ReplyCase['wanted'], replies: Readonly<Record<string, string>>): ReplyCase[] =>
  Object.entries(replies).map(([what, reply]) => ({ what, reply, wanted }))
