import test from 'ava'
import { reportGithub } from '../../../src/engine/report/github.ts'
import { HOSTILE, obeyed } from '../../helpers/hostile.ts'
import { hostileProof, MISSING, reported } from './reported.ts'

/** A line as the runner of GitHub reads it: unescaped in the order that its source has. */
function read(line: string) {
  const [, level = '', list = '', message = ''] = /^::(error|warning|notice) (.*?)::(.*)$/.exec(line) ?? []
  const plain = (text: string) => text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')
  const properties = list.split(',').map((pair) => {
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
    return [name, plain(value.replaceAll('%3A', ':').replaceAll('%2C', ','))]
  })
  return { level, message: plain(message), ...Object.fromEntries(properties) }
}

const lines = (text: string) => text.split('\n').slice(0, -1)

test('verdicts come first, then findings, the strongest first', (t) => {
  const judgesChanged = ['tests/test_a.py']
  const remarks = [{ path: 'a.py', line: 3, kind: 'process-end', sentence: 'a.py:3 ends the process' }]
  const text = reportGithub([reported({ judgesChanged, remarks }), MISSING, reported({}, 'INCONCLUSIVE')])
  const commit = MISSING.commit?.slice(0, 12)
  t.deepEqual(lines(text), [
    `::notice title=git pp%3A PROVED::${commit}: it is PROVED`,
    `::error title=git pp%3A MISSING::${commit}: no proof here is about this commit`,
    `::warning title=git pp%3A INCONCLUSIVE::${commit}: it is INCONCLUSIVE`,
    '::warning file=a.py,line=3,title=git pp%3A process-end::a.py:3 ends the process',
    '::notice file=tests/test_a.py,title=git pp%3A judge-changed::the change edits tests/test_a.py, which decides whether the command passes',
  ])
})

test('what a proof says begins no command of its own, ends none, and comes out as it was', (t) => {
  const evil = 'a\n::error::owned\n::stop-commands::x\r##[error]owned %0A 100%,file=x:y'
  const text = reportGithub([hostileProof(evil)])
  t.is(lines(text).length, 3)
  const [verdict, judge, remark] = lines(text).map(read)
  t.is(verdict?.level, 'error')
  t.like(judge, { level: 'error', file: `tests/a b,c:d%"'&<>::x.py`, line: '8' })
  t.like(remark, { level: 'warning', line: '3', message: evil.replace('\r', '\\r') })
})

test('whatever a proof says, nothing in the lines is obeyed by a terminal', (t) => {
  const text = reportGithub([hostileProof(HOSTILE)])
  t.is(obeyed(text), null)
  t.true(lines(text).every((line) => /^::(error|warning|notice) /.test(line)))
})
