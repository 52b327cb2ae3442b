import type { TestCase } from '../../model/evidence.ts'
import { blocksOf } from '../runners/lib/blocks.ts'
import { caseOf } from '../runners/lib/case-of.ts'
import { linesOf } from '../runners/lib/test-report.ts'

const HEADING = /^File "(.+)", line (\d+), in (\S+)$/

/**
 * https://docs.python.org/3/library/doctest.html: docstrings with an example that failed. It prints nothing about what passed,
 * so that no verdict can be read from it.
 */
export function doctestFailures(text: string): TestCase[] {
  return blocksOf(linesOf(text), HEADING, /^\*{50,}$/).flatMap(({ title: [, file = '', line, name = ''], body }) => {
    if (body[0] !== 'Failed example:') return []
    const after = body.findIndex((one) => /^(?:Expected(?: nothing)?:?|Exception raised:)$/.test(one))
    const told = { message: body[1]?.trim(), body: after === -1 ? [] : body.slice(after) }
    return [caseOf(name, 'failed', { ...told, at: { file, line: Number(line) } })]
  })
}
