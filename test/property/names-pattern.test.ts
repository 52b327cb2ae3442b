import test from 'ava'
import fc from 'fast-check'
import { namesPattern } from '../../src/engine/core/paths/names-pattern.ts'

/** The meaning of a list of names as one expression that tries each of them at each place of a path. */
function slowly(names: string): RegExp {
  const words = names.split(' ')
  const expression = (word: string) => word.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')
  const directories = words.filter((word) => word.endsWith('/')).map(expression)
  const files = words.filter((word) => !word.endsWith('/')).map((word) => `${expression(word)}$`)
  return new RegExp(`(?:^|/)(?:${[...directories, ...files].join('|')})`, 'i')
}

// Few letters, so that names and paths often meet; two of them become one of A to Z in lower or upper case.
const letter = fc.constantFrom('a', 'B', 'b', '.', '-', '_', 'K', '\u212a', 'S', '\u017f', '\n', '\u00e9')
const part = fc.string({ unit: letter, minLength: 1, maxLength: 5 })
const name = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'B', 'k', 's', '.', '_', '*'), minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((parts) => parts.join('/'))
const word = fc.tuple(name, fc.boolean()).map(([text, directory]) => (directory ? `${text}/` : text))

test('a list of names matches what one expression of all of them would match', (t) => {
  const property = fc.property(
    fc.array(word, { minLength: 1, maxLength: 5 }),
    fc.array(part, { minLength: 1, maxLength: 4 }),
    (words, parts) => {
      const [names, path] = [words.join(' '), parts.join('/')]
      return namesPattern(names).test(path) === slowly(names).test(path)
    },
  )
  const { failed, counterexample } = fc.check(property, { numRuns: 20_000 })
  t.false(failed, JSON.stringify(counterexample))
})
