import type { TestCase, TestOutcome, TestReport } from '../../../model/evidence.ts'
import { type JunitCase, readJunit } from './junit.ts'
import { caseOf, countCases, mergeCases, reportOf } from './test-report.ts'

/** The report that `--junitxml` wrote, with the ids that pytest prints (file::Class::name); null if it is not a report. */
export function readPytestXml(bytes: Uint8Array): TestReport | null {
  const found = readJunit(new TextDecoder().decode(bytes))
  if (!found) return null
  const modules = new Map<string, string>()
  for (const { file } of found) if (file !== null) modules.set(dotted(file), file)
  const cases = mergeCases(found.map((one) => readCase(one, modules)))
  return reportOf('pytest', countCases(cases), cases, true)
}

function dotted(file: string): string {
  return file.replaceAll('/', '.').replace(/\.py$/, '')
}

function readCase(one: JunitCase, modules: ReadonlyMap<string, string>): TestCase {
  const message = one.ended?.message.replace(/^failed on (?:setup|teardown) with "(.*)"$/s, '$1')
  return caseOf(idOf(one, modules), outcomeOf(one), {
    message: one.ended?.tag === 'failure' || one.ended?.tag === 'error' ? message : undefined,
    ...(one.file === null ? {} : { at: { file: one.file, line: one.line ?? 1 } }),
  })
}

function outcomeOf({ ended }: JunitCase): TestOutcome {
  if (!ended) return 'passed'
  if (ended.tag === 'failure') return 'failed'
  if (ended.tag === 'error') return 'error'
  return ended.type === 'pytest.xfail' ? 'xfailed' : 'skipped'
}

/**
 * `classname` contains the path and the classes of the node id, joined by dots; the file shows where the path ends. An
 * inherited test has the file of its base class, so every file of the report is tried.
 */
function idOf({ classname, name, file }: JunitCase, modules: ReadonlyMap<string, string>): string {
  if (classname === '') return file ?? `${name.replaceAll('.', '/')}.py`
  const parts = classname.split('.')
  for (let length = parts.length; length > 0; length--) {
    const path = modules.get(parts.slice(0, length).join('.'))
    if (path !== undefined) return [path, ...parts.slice(length), name].join('::')
  }
  const classes = parts.findIndex((part) => /^[A-Z]/.test(part))
  const length = classes <= 0 ? parts.length : classes
  return [`${parts.slice(0, length).join('/')}.py`, ...parts.slice(length), name].join('::')
}
