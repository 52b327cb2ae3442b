import test from 'ava'
import { readPatchLine } from '../../../../src/engine/core/patch-lines/index.ts'

const read = (value: unknown) => readPatchLine(typeof value === 'string' ? value : JSON.stringify(value), 7)

test('what a line asks for, in our words and in those of benchmarks', (t) => {
  const whole = { id: 'a', line: 7, patch: 'diff', base: 'v1', command: 'make check' }
  t.deepEqual(read({ id: 'a', base: 'v1', patch: 'diff', command: 'make check' }), whole)
  t.deepEqual(
    read({ instance_id: 'a', base_commit: 'v1', model_patch: 'diff', command: 'make check', model_name_or_path: 'm' }),
    whole,
  )
  t.deepEqual(read({ id: 5, patch: '' }), { id: '5', line: 7, patch: '', base: null, command: null })
  t.deepEqual(read({ patch: 'diff', command: ['make', 'check'] }), {
    ...{ id: null, line: 7, patch: 'diff', base: null, command: ['make', 'check'] },
  })
})

test('what is wrong with a line, and whose it is', (t) => {
  for (const [value, id, wrong] of [
    ['{"id": "a", "patch": "di', null, /not JSON/],
    [{ id: 'a' }, 'a', /neither "patch" nor "model_patch"/],
    [{ instance_id: 'b', patch: 5 }, 'b', /patch/],
    [{ id: 'c', patch: 'diff', command: [] }, 'c', /command/],
    [{ id: 'd', patch: 'diff', base: 'a\0b' }, 'd', /base/],
    [['diff'], null, /object/],
    ['null', null, /object/],
  ] as const) {
    const found = read(value)
    if (!('wrong' in found)) return t.fail(JSON.stringify(value))
    t.is(found.id, id)
    t.regex(found.wrong, wrong)
  }
})
