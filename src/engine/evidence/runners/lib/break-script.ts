import type { BrokenTests } from '../../../ports/runner.ts'
import { append, insert } from './append-tests.ts'

/** Methods of `assert` with arguments that must fail. */
const CALLS: Readonly<Record<string, string>> = {
  ok: 'false',
  equal: '1, 2',
  notEqual: '1, 1',
  strictEqual: '1, 2',
  notStrictEqual: '1, 1',
  deepEqual: '[1], [2]',
  deepStrictEqual: '[1], [2]',
  match: "'a', /b/",
  throws: '() => {}',
  rejects: 'async () => {}',
}

/** One failing test for each way of asserting that the file uses. `head`: the function that makes a test, with its modifiers. */
export function breakScript(text: string, name: string, head: string): BrokenTests {
  const calls = [...new Set([...text.matchAll(/\bassert\.(\w+)\(/g)].map(([, method]) => method ?? ''))]
  const failing = [
    ...calls.filter((method) => method in CALLS).map((method) => `assert.${method}(${CALLS[method]})`),
    ...(/\bassert\(/.test(text) ? ['assert(false)'] : []),
    ...(/\bexpect\(/.test(text) ? ['expect(1).toBe(2)'] : []),
  ]
  const words = failing.map((_, at) => `${name}_s${at}`)
  return {
    text: failing.reduce((rest, call, at) => append(rest, `;${head}('${words[at]}', () => ${call})\n`), text),
    words,
  }
}

/**
 * Repeats the failing tests under their own names before the first test of the file. If two tests have one name, a report
 * keeps the worse result, and of two failures the first one. `test` and `suite` are the functions that define tests and
 * suites, `head` imports them.
 */
export function repeatFailingTests(
  text: string,
  name: string,
  failing: readonly string[],
  { head, test, suite }: { readonly head: string; readonly test: string; readonly suite: string },
): BrokenTests {
  const titles = failing.map((id) => id.split(' > ')).filter((parts) => parts.every((part) => text.includes(part)))
  if (titles.length === 0) return { text, words: [] }
  const words = titles.map((_, at) => `${name}_own${at}`)
  const calls = titles.map((parts, at) => {
    const [title, ...suites] = [...parts].reverse().map((part) => JSON.stringify(part))
    const call = `${test}(${title}, () => { throw new Error('${words[at]}') })`
    return `${suites.reduce((inner, outer) => `${suite}(${outer}, () => { ${inner} })`, call)};`
  })
  const at = /^(?:await )?(?:test|it|describe|suite)\b[\w.]*\s*\(/m.exec(text)?.index ?? text.length
  return { text: insert(text, at, `${head}${calls.join(' ')}\n`), words }
}
