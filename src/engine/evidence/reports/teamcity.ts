import type { TestCase } from '../../model/evidence.ts'
import { caseOf } from '../runners/lib/case-of.ts'
import { placeOf } from '../runners/lib/test-report.ts'

const MESSAGE = /##teamcity\[(testSuiteStarted|testSuiteFinished|testFailed)((?: \w+='(?:[^'|]|\|.)*')*) *\]/g
const PROPERTY = / (\w+)='((?:[^'|]|\|.)*)'/g
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '' }

/** TeamCity's service messages (https://www.jetbrains.com/help/teamcity/service-messages.html): 'suite > test'. */
export function teamcityFailures(text: string): TestCase[] {
  const suites: string[] = []
  const cases: TestCase[] = []
  for (const [, what, properties = ''] of text.matchAll(MESSAGE)) {
    const said = new Map([...properties.matchAll(PROPERTY)].map(([, key = '', value = '']) => [key, unescaped(value)]))
    const name = said.get('name') ?? ''
    if (what === 'testSuiteStarted') suites.push(name)
    else if (what === 'testSuiteFinished') suites.splice(Math.max(0, suites.lastIndexOf(name)))
    else {
      const details = (said.get('details') ?? '').split('\n')
      const [message = '', ...more] = (said.get('message') ?? '').split('\n')
      const sides = ['expected', 'actual'].flatMap((side) => (said.get(side) ? [`${side}: ${said.get(side)}`] : []))
      cases.push(
        caseOf([...suites, name].join(' > '), 'failed', {
          message,
          body: [...more, ...sides.join('\n').split('\n'), ...details.filter((line) => !placeOf(line.trim()))],
          at: details.map((line) => placeOf(line.trim())).find((place) => place !== undefined),
        }),
      )
    }
  }
  return cases
}

function unescaped(value: string): string {
  return value.replace(/\|(0x[0-9a-fA-F]{4}|.)/gs, (_, one: string) =>
    one.length > 1 ? String.fromCharCode(Number(one)) : (ESCAPED[one] ?? one),
  )
}
