import test from 'ava'
import { changedLines } from '../../../../src/engine/core/executed/changed-lines.ts'
import { codeLines } from '../../../../src/engine/core/executed/code-lines.ts'
import { executedPhrase, notRunLines, tooFewExecuted } from '../../../../src/engine/core/executed/executed-phrase.ts'
import { inconsistentCount } from '../../../../src/engine/core/executed/inconsistent-count.ts'
import { tallyLines } from '../../../../src/engine/core/executed/tally-lines.ts'
import type { CodeKind, CodeNode } from '../../../../src/engine/model/code.ts'

const sides = (before: string | null, after: string | null) =>
  changedLines('a.py', before, after).map(({ of, lines }) => [of, [...lines]])

test('a replaced line counts on both sides, each by its own number', (t) => {
  t.deepEqual(sides('a\nb\nc\nd\n', 'a\nx\ny\nc\n'), [
    ['base', [2, 4]],
    ['change', [2, 3]],
  ])
})

test('an added file has no lines of the base, a removed one none of the change', (t) => {
  t.deepEqual(sides(null, 'a\nb\n'), [['change', [1, 2]]])
  t.deepEqual(sides('a\n', null), [['base', [1]]])
  t.deepEqual(sides('a\n', 'a\n'), [])
})

const side = { path: 'a.py', of: 'change' as const, text: '' }
const all = new Set([1, 2, 3, 4, 5, 8])

test('only lines that can run are counted, and those that did not run are listed', (t) => {
  const one = { ...side, lines: new Set([1, 2, 3, 4, 6, 8]), runnable: all, ran: new Set([2, 6, 7]) }
  t.deepEqual(tallyLines([one]), { lines: 5, ran: 1, notRun: [{ path: 'a.py', of: 'change', lines: '1,3-4,8' }] })
  t.deepEqual(tallyLines([{ ...one, runnable: new Set() }]), { lines: 0, ran: 0, notRun: [] })
})

const counted = { lines: 14, ran: 9, notRun: [{ path: 'a.py', of: 'base' as const, lines: '3-7' }], notMeasured: [] }

test('the phrase tells what was measured and what was not', (t) => {
  t.is(executedPhrase(counted), 'executed 9 of 14 changed lines')
  t.is(
    executedPhrase({ ...counted, notMeasured: ['b.c'] }),
    'executed 9 of 14 changed lines; executed: not measured in b.c',
  )
  t.is(executedPhrase({ lines: 0, ran: 0, notRun: [], notMeasured: ['b.c'] }), 'executed: not measured in b.c')
  t.deepEqual(notRunLines(counted), ['a.py:3-7 (removed or replaced)'])
})

test('one line is enough, unless the policy asks for a part of them', (t) => {
  t.is(tooFewExecuted(counted, null), null)
  t.is(tooFewExecuted(counted, 64), null)
  t.is(tooFewExecuted(counted, 65), 'executed 9 of 14 changed lines, but verify.min_executed is 65')
  t.regex(tooFewExecuted({ ...counted, notMeasured: ['b.c'] }, 1) ?? '', /nothing measures which lines of b\.c/)
})

test('no line that can run, and none that ran, show nothing', (t) => {
  const none = { lines: 0, ran: 0, notRun: [], notMeasured: [] }
  t.is(tooFewExecuted(none, null), 'it changes no line that can run (0 of 0)')
  t.is(tooFewExecuted({ ...none, notMeasured: ['b.c'] }, null), null)
  t.regex(tooFewExecuted({ ...counted, ran: 0, notMeasured: ['b.c'] }, null) ?? '', /^no test runs a changed line/)
})

test('a count that contradicts its list, or the change, is found', (t) => {
  t.is(inconsistentCount(counted, 14), null)
  t.regex(inconsistentCount(counted, 13) ?? '', /counts 14 changed lines, but the change touches 13/)
  t.regex(inconsistentCount({ ...counted, ran: 14 }, 99) ?? '', /14 of 14 lines ran, but lists 5 others/)
  for (const lines of ['', '7-3', '3-7,x', '0-4'])
    t.not(inconsistentCount({ ...counted, notRun: [{ path: 'a.py', of: 'base', lines }] }, 99), null, lines)
})

function node(is: CodeKind, line: number, children: CodeNode[] = []): CodeNode {
  const made: { -readonly [key in keyof CodeNode]: CodeNode[key] } = {
    ...{ is, role: null, line, end: line, text: '', operators: [], children, parent: null },
  }
  for (const child of children) (child as { parent: CodeNode | null }).parent = made
  return made
}

test('code stands on lines on which a name or a value starts; texts that stand alone are none', (t) => {
  const docstring = node('statement', 2, [node('string', 2)])
  const call = node('statement', 4, [node('call', 4, [node('name', 4), node('string', 6, [node('other', 7)])])])
  t.deepEqual([...codeLines(node('other', 1, [docstring, node('block', 3), call]))].sort(), [4, 6])
})
