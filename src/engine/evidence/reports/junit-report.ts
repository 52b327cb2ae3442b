import type { TestCase } from '../../model/evidence.ts'
import { caseOf } from '../runners/lib/case-of.ts'
import { readJunit } from '../runners/lib/junit.ts'
import { placeOf } from '../runners/lib/test-report.ts'

const BEGINS = /<testsuites?[\s>]/
const ENDS = /<\/testsuites?>/g

/** A report in JUnit's XML between other lines of an output: the failed test cases as 'class > test'. */
export function junitFailures(text: string): TestCase[] {
  const from = text.search(BEGINS)
  const end = from === -1 ? undefined : [...text.matchAll(ENDS)].at(-1)
  if (end === undefined) return []
  return (readJunit(text.slice(from, end.index + end[0].length)) ?? []).flatMap((one) => {
    if (one.ended === null || one.ended.tag === 'skipped') return []
    const group = one.classname === '' || one.classname === 'test' ? one.suite : one.classname
    const id = group === '' || one.name.startsWith(group) ? one.name : `${group} > ${one.name}`
    const lines = one.ended.text.split('\n')
    const place = lines.map((line) => placeOf(line)).find((found) => found !== undefined)
    const named = one.file !== null && one.line !== null ? { file: one.file, line: one.line } : undefined
    const message = one.ended.message.trim() || lines.find((line) => line.trim() !== '')
    return [caseOf(id, one.ended.tag === 'error' ? 'error' : 'failed', { message, body: lines, at: place ?? named })]
  })
}
