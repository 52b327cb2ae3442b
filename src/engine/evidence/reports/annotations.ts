import type { TestCase } from '../../model/evidence.ts'
import { caseOf } from '../runners/lib/case-of.ts'

const ERROR = /^::error (?=[^\n]{0,2000}?\btitle=([^,\n]{1,500}?)(?:,|::))([^\n]{0,2000}?)::([^\n]*)$/gm

/** The annotations for GitHub that name a test in their title, as the reporters of several runners print them. */
export function annotatedFailures(text: string): TestCase[] {
  return [...text.matchAll(ERROR)].map(([, title = '', properties = '', message = '']) => {
    const file = /\bfile=([^,]+)/.exec(properties)?.[1]
    const line = /\bline=(\d+)/.exec(properties)?.[1]
    const lines = unescaped(message).split('\n')
    return caseOf(unescaped(title).replaceAll(' › ', ' > '), 'failed', {
      message: lines[0],
      body: lines.slice(1),
      at: file === undefined || line === undefined ? undefined : { file: unescaped(file), line: Number(line) },
    })
  })
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions: how values are escaped. */
function unescaped(value: string): string {
  return value
    .replaceAll('%0D', '')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}
