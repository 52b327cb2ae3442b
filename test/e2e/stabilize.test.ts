import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'
import { sometimes } from '../helpers/sometimes.ts'

const test = oneIn(3)

const COMMAND = 'sh tests/run.sh'
/** Fails in every other run without the change: in the first, the third … */
const HALF = '[ $(($1 % 4)) != 0 ]'
const MENDED = { 'product.sh': 'true\n' }

test('what fails in half of the runs without the change and in none with it is STABILIZED, never PROVED', async (t) => {
  const its = await sometimes(t, HALF, MENDED)
  const { repo } = its
  const { status, json } = await its.ask('prove', ['--flaky', '--json'], 'HEAD', COMMAND)
  t.is(json.verdict, 'STABILIZED', json.reason)
  t.is(status, 0)
  t.is(json.reason, 'failed 6 of 11 without the change, 0 of 11 with it (p = 0.006)')
  t.deepEqual(json['trials'], { without: { runs: 11, failed: 6 }, with: { runs: 11, failed: 0 }, p: 0.006192 })
  t.deepEqual(json['counts'], { reds: 6, greens: 11 })
  t.regex(String(json['notShown']), /never fails with the change: after 0 of 11, up to 24 of 100 runs/)
  const verified = await pp(repo, ['verify', 'HEAD', '--allow-unsigned'])
  t.regex(verified.stdout, /^STABILIZED_UNSIGNED: failed 6 of 11 without the change, 0 of 11 with it \(p = 0\.006\)/)
  t.is(verified.status, 0)
  for (const args of [['show'], ['log'], ['report'], ['report', '--format', 'html']]) {
    const { stdout } = await pp(repo, args)
    t.regex(stdout, /STABILIZED/, args.join(' '))
    t.notRegex(stdout, /PROVED/, args.join(' '))
  }
})

test('it is signed, attested and verified like a proof, amended commits included, and told apart when it runs again', async (t) => {
  const its = await sometimes(t, HALF, MENDED)
  const { repo } = its
  await its.ask('prove', ['--flaky'], 'HEAD', COMMAND)
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  t.is((await pp(repo, ['attest', 'HEAD', '--mode', 'ed25519', '--key', key])).status, 0)
  t.regex((await pp(repo, ['verify', '--key', `${key}.pub`])).stdout, /^STABILIZED: /)
  const replayed = await its.ask('replay', ['--json'])
  t.is(replayed.json.verdict, 'REPRODUCED', replayed.json.reason)
  t.is(replayed.json.reason, 'failed 6 of 11 without the change, 0 of 11 with it (p = 0.006)')
  await repo.git('commit', '-q', '--amend', '-m', 'Change, in other words')
  const amended = await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`])
  t.regex(amended.stdout, /^STABILIZED_SAME_TREES: /)
  t.is(amended.status, 0)
})

test('a change that only lowers the rate of failures is never STABILIZED', async (t) => {
  const its = await sometimes(t, HALF, { 'product.sh': '[ $(($1 % 8)) != 7 ]\n' })
  const { status, json } = await its.ask('prove', ['--flaky', '--json'], 'HEAD', COMMAND)
  t.is(json.verdict, 'FLAKY')
  t.is(json.reason, 'the command fails with the change too: 2 of 4 without, 1 of 4 with it')
  t.is(status, 6)
})

test('a command that never fails without the change is NOT_RED, with how often it was tried', async (t) => {
  const its = await sometimes(t, 'true # before', { 'product.sh': 'true # after\n' })
  const { status, json } = await its.ask('prove', ['--flaky', '--runs', '6', '--json'], 'HEAD', COMMAND)
  t.is(json.verdict, 'NOT_RED')
  t.is(json.reason, 'the command did not fail in 6 runs without the change')
  t.is(status, 1)
})

test('what fails in every run without the change is proved as usual', async (t) => {
  const its = await sometimes(t, 'false', MENDED)
  const { status, json } = await its.ask('prove', ['--flaky', '--json'], 'HEAD', COMMAND)
  t.is(json.verdict, 'PROVED', json.reason)
  t.regex(json.reason ?? '', /^red without the change \(5 of 5\), green with it \(5 of 5\); .* --flaky was not needed$/)
  t.is(status, 0)
  t.regex((await pp(its.repo, ['verify', 'HEAD', '--allow-unsigned'])).stdout, /^PROVED_UNSIGNED: 5 red/)
})

test('what fails in every run, each time in another way, is STABILIZED', async (t) => {
  const its = await sometimes(t, 'echo "Error: $1 bottles" >&2; exit $((1 + $1 % 4))', MENDED)
  const { json } = await its.ask('prove', ['--flaky', '--json'], 'HEAD', COMMAND)
  t.is(json.verdict, 'STABILIZED', json.reason)
  t.is(json.reason, 'failed 5 of 5 without the change, 0 of 5 with it (p = 0.004)')
})

test('fewer than five pairs can tell nothing apart, and are refused', async (t) => {
  const its = await sometimes(t, HALF, MENDED)
  const { status, json } = await its.ask('prove', ['--flaky', '--runs', '5', '--json'], 'HEAD', COMMAND)
  t.is(json.verdict, 'FLAKY')
  t.is(json.reason, 'chance could explain the difference: failed 3 of 5 without the change, 0 of 5 with it (p = 0.083)')
  t.is(status, 6)
  const fewer = await its.ask('prove', ['--flaky', '--runs', '4', '--json'], 'HEAD', COMMAND)
  t.is(fewer.status, 2)
  t.regex(fewer.json.reason ?? '', /at least 5 pairs/)
})

test('a change that makes the test skip is RIGGED', async (t) => {
  const its = await sometimes(t, HALF, {})
  const test = `import subprocess, unittest, product
class T(unittest.TestCase):
    def test_it(self):
        product.check()
        self.assertEqual(subprocess.call(["sh", "tests/run.sh"]), 0)
`
  await its.repo.commit('Test', { 'product.py': 'def check():\n    pass\n', 'test_it.py': test })
  const skip = 'import unittest\ndef check():\n    raise unittest.SkipTest("no")\n'
  await its.repo.commit('Skip it', { 'product.py': skip })
  const { status, json } = await its.ask('prove', ['--flaky', '--json'], 'HEAD', 'python3 -m unittest -v test_it')
  t.is(json.verdict, 'RIGGED', json.reason)
  t.is(status, 1)
})

test('a plain prove of such a change says what to type, in the words that were typed', async (t) => {
  const its = await sometimes(t, HALF, MENDED)
  const { status, json } = await its.ask('prove', ['--json'], 'HEAD', "sh tests/run.sh # it's odd")
  t.is(json.verdict, 'FLAKY', json.reason)
  t.is(status, 6)
  t.is(
    json['mend'],
    "if the change fixes exactly this: git pp prove --flaky --sandbox=none --network=allow --env=COUNT HEAD 'sh tests/run.sh # it'\\''s odd'",
  )
})

test('a policy that states other kinds of proofs alone is told before anything runs', async (t) => {
  const its = await sometimes(t, HALF, {})
  await its.repo.commit('Policy', { 'pp.yaml': 'policy:\n  verify: {accept: [fix]}\n' })
  await its.repo.commit('Mend', MENDED)
  const { status, json } = await its.ask('prove', ['--flaky', '--json'], 'HEAD', COMMAND)
  t.is(status, 2)
  t.regex(
    json.reason ?? '',
    /^pp\.yaml:2: with --flaky, the policy does not accept STABILIZED: verify\.accept is \[fix\]/,
  )
})

test('the order of a set, which differs from run to run of Python, is mended for good', async (t) => {
  const repo = await tempRepo(t, {
    'order.py': 'def first(words):\n    return list(words)[0]\n',
    'test_order.py': "from order import first\n\nassert first({'a', 'b'}) == 'a', first({'a', 'b'})\n",
  })
  await repo.commit('Sort', { 'order.py': 'def first(words):\n    return sorted(words)[0]\n' })
  const key = join(repo.home, 'key')
  await writeFile(key, `${'a1'.repeat(32)}\n`, { mode: 0o600 })
  const args = ['prove', '--flaky', '--sign', 'ed25519', '--key', key, '--json', 'HEAD', 'python3 test_order.py']
  const { status, json } = await pp(repo, args)
  // In 3 of 100 cases the first five runs without the change all fail, and then it is proved.
  t.true(['STABILIZED', 'PROVED'].includes(json.verdict ?? ''), json.reason)
  t.is(status, 0)
  t.truthy(json['attestation'])
})
