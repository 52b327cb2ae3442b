import test from 'ava'
import { redactor, stringMasker } from '../../../../src/engine/core/redact/index.ts'

const secrets = [{ name: 'TOKEN', value: 'swordfish-12' }]
const fresh = () => stringMasker(redactor({ secrets }))

test('every string of plain data is masked, and all else stays', (t) => {
  const data = { id: 'test[swordfish-12]', n: 1, none: null, yes: true, list: ['a', { deep: 'x swordfish-12' }] }
  t.deepEqual(fresh().all(data), {
    ...data,
    id: 'test[[redacted:TOKEN]]',
    list: ['a', { deep: 'x [redacted:TOKEN]' }],
  })
})

test('data without a secret is given back as it is', (t) => {
  const data = { id: 'test[a]', list: ['b'] }
  t.is(fresh().all(data), data)
})

test('two names that become one get a number, and each keeps its own everywhere', (t) => {
  const masker = fresh()
  const hex = Buffer.from('swordfish-12').toString('hex')
  const [first, second] = ['test[swordfish-12]', `test[${hex}]`]
  const masked = ['test[[redacted:TOKEN]]', 'test[[redacted:TOKEN]] #2']
  t.deepEqual(masker.all([first, second]), masked)
  t.deepEqual(masker.all({ failing: [second], passing: first }), { failing: [masked[1]], passing: masked[0] })
  t.deepEqual(masker.all(masked), masked)
})

test('a name that looks masked already is another one than a name that was masked', (t) => {
  t.deepEqual(fresh().all(['test[[redacted:TOKEN]]', 'test[swordfish-12]']), [
    'test[[redacted:TOKEN]]',
    'test[[redacted:TOKEN]] #2',
  ])
})

test('a token is masked at the begin of any string', (t) => {
  const token = `ghp_${'Zx8Qw2Lk5Vn9Rt3Yb7Mc1Pd4Sf6Gh0'.padEnd(36, 'a')}`
  t.deepEqual(fresh().all(['n', token]), ['n', '[redacted:github-token]'])
})
