import test from 'ava'
import { preparedHelp } from '../../../src/commands/prepared.ts'
import { VERBS } from '../../../src/commands/verbs.ts'
import { preparedVerbs } from '../../../tools/build/prepared.ts'

// Before every test: where the library of commands is loaded without styles, it stays without.
const all = await preparedVerbs()

test('help and words of every verb are prepared, with and without styles', (t) => {
  t.deepEqual([...all.keys()], [...VERBS.keys()])
  for (const [name, verb] of all) {
    t.is(verb.grammar.verb, name)
    const plain = preparedHelp(verb, undefined, false) ?? ''
    t.regex(plain, new RegExp(`^USAGE\\n  \\$ git pp ${name === 'verify-attestation' ? '' : name}`))
    t.false(plain.includes('\x1b'))
    t.true(preparedHelp(verb, 200, true)?.startsWith('\x1b[1mUSAGE\x1b[22m\n'))
    t.is(preparedHelp(verb, 90, true), null)
  }
  const run = all.get('run')
  if (run === undefined) return t.fail()
  const [narrow = '', wide = ''] = [80, 100].map((width) => preparedHelp(run, width, false) ?? '')
  t.true(narrow.split('\n').length > wide.split('\n').length)
})
