import test from 'ava'
import { samePath } from '../../../../src/engine/core/patch/index.ts'

test('the path after "diff --git" is read where both sides name the same one', (t) => {
  t.is(samePath('a/lib/x.js b/lib/x.js'), 'lib/x.js')
  t.is(samePath('a/x b/y b/x b/y'), 'x b/y')
  t.is(samePath('"a/\\303\\244" "b/\\303\\244"'), '\u00c3\u00a4')
})

test('two different paths, and what git does not print, name none', (t) => {
  for (const names of ['a/x b/y', 'a/ b/', 'x x', '', '"a/x" "b/y"', '"a/x b/x"']) t.is(samePath(names), null, names)
})
