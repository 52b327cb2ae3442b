import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { ABSENT } from '../helpers/absent.ts'
import { needing } from '../helpers/needs.ts'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'

const exec = promisify(execFile)
const FILES = { 'add.sh': 'echo $(($1 - $2))\n', 'check.sh': '[ "$(sh add.sh 2 3)" = 5 ]\n' }
const FIX = { 'add.sh': 'echo $(($1 + $2))\n' }
const COMMAND = 'sh check.sh'
const SECRET = '5ec2e7'.repeat(11)

async function mended(t: Parameters<typeof tempRepo>[0], files: Readonly<Record<string, string>> = {}) {
  const repo = await tempRepo(t, { ...FILES, ...files })
  await repo.commit('Mend add', FIX)
  return repo
}

const noSessions = async (repo: TestRepo) => (await repo.git('for-each-ref', 'refs/pp', 'refs/notes')) === ''

/** The payload and the signed bytes of the one envelope on HEAD, by jq, base64 and printf alone. */
async function unwrapped(repo: TestRepo): Promise<{ pae: string; sig: string; envelope: string }> {
  const envelope = join(repo.home, 'envelope.json')
  await fs.writeFile(envelope, await repo.git('notes', '--ref', 'refs/notes/pp/attestations', 'show', 'HEAD'))
  const script = `cd "$1" && T=$(jq -r .payloadType envelope.json) && jq -r .payload envelope.json | base64 -d > p
    printf 'DSSEv1 %d %s %d ' \${#T} "$T" $(wc -c < p) | cat - p > pae
    jq -r '.signatures[0].sig' envelope.json | base64 -d > sig`
  await exec('sh', ['-ec', script, 'sh', repo.home])
  return { pae: join(repo.home, 'pae'), sig: join(repo.home, 'sig'), envelope }
}

const jq = needing('jq', 'openssl')
jq('a pair is made, a proof is signed with it, and openssl verifies it without us', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'key')
  t.is((await pp(repo, ['keygen', key])).status, 0)
  t.is((await fs.stat(key)).mode & 0o777, 0o600)
  t.is((await pp(repo, ['keygen', key])).status, 2)
  t.is((await pp(repo, ['keygen', 'key'])).status, 2)
  const { status, json } = await pp(repo, ['prove', '--sign', 'ed25519', '--key', key, '--json', 'HEAD', COMMAND])
  t.is(status, 0, json.reason)
  t.like(json['attestation'], { role: 'prover', mode: 'ed25519' })
  const good = await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`, '--json'])
  t.is(good.json.verdict, 'PROVED', good.json.reason)
  const { pae, sig } = await unwrapped(repo)
  const check = (file: string) =>
    exec('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', `${key}.pub`, '-rawin', '-in', file, '-sigfile', sig])
  t.regex((await check(pae)).stdout, /Verified Successfully/)
  await fs.appendFile(pae, 'x')
  await t.throwsAsync(check(pae))
})

const ssh = needing('jq', 'ssh-keygen')
ssh('a proof signed with an SSH key is verified by ssh-keygen without us, and by git config of the user', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'id')
  await exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  await repo.git('config', '--global', 'user.signingKey', key)
  const signed = await pp(repo, ['prove', '--sign', 'ssh', '--json', 'HEAD', COMMAND])
  t.is(signed.status, 0)
  const [, fingerprint = ''] = (await exec('ssh-keygen', ['-lf', `${key}.pub`])).stdout.split(' ')
  t.like(signed.json['attestation'], { fingerprint })
  const shown = (await pp(repo, ['show', 'HEAD'])).stdout
  t.true(shown.includes(`prover, ssh key ${fingerprint}\n`), shown)
  const block = (await pp(repo, ['report', 'HEAD'])).stdout
  t.true(block.includes('A verifier said UNTRUSTED:'), block)
  t.true(block.includes(`it claims to be signed with ssh key ${fingerprint}, but you named no key to trust`), block)
  t.regex(block, /\ngit pp verify \w{26} --key FILE\n/)
  t.is((await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`])).status, 0)
  const allowed = join(repo.home, 'allowed')
  await fs.writeFile(allowed, `alice@example.com ${await fs.readFile(`${key}.pub`, 'utf8')}`)
  await repo.git('config', '--global', 'gpg.ssh.allowedSignersFile', allowed)
  const verified = await pp(repo, ['verify', 'HEAD', '--json'])
  t.is(verified.json.verdict, 'PROVED', verified.json.reason)
  t.like((verified.json['signatures'] as object[])[0], { name: 'alice@example.com', mode: 'ssh', fingerprint })
  const { envelope } = await unwrapped(repo)
  const script = `cd "$1" && { echo '-----BEGIN SSH SIGNATURE-----'; jq -r '.signatures[0].sig' "$2" | fold -w70; echo '-----END SSH SIGNATURE-----'; } > s.ssh
    ssh-keygen -Y verify -f allowed -I alice@example.com -n git-pp-proof -s s.ssh < pae`
  t.regex((await exec('sh', ['-ec', script, 'sh', repo.home, envelope])).stdout, /^Good "git-pp-proof" signature/)
})

jq('a shared secret signs out of a variable that no command sees, even where the policy lets it through', async (t) => {
  const policy =
    'policy:\n  env: {allow: [PP_KEY]}\n  attestation: {enabled: true, mode: hmac-sha256, key_env: PP_KEY}\n'
  const repo = await mended(t, { 'pp.yaml': policy, 'check.sh': `[ -z "$PP_KEY" ] || exit 0\n${FILES['check.sh']}` })
  const { status, json } = await pp(repo, ['prove', '--json', 'HEAD', COMMAND], { env: { PP_KEY: SECRET } })
  t.is(status, 0, json.reason)
  t.like(json['attestation'], { mode: 'hmac-sha256' })
  const verify = ['verify', 'HEAD', '--key-env', 'PP_KEY', '--mode', 'hmac-sha256', '--json']
  t.is((await pp(repo, verify, { env: { PP_KEY: SECRET } })).json.verdict, 'PROVED')
  t.is((await pp(repo, verify, { env: { PP_KEY: 'ab'.repeat(32) } })).json.verdict, 'UNTRUSTED')
  const { pae, sig } = await unwrapped(repo)
  const argv = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${SECRET}`, '-binary', pae]
  const { stdout } = await exec('openssl', argv, { encoding: 'buffer' })
  t.deepEqual(stdout, await fs.readFile(sig))
})

test('no pair is made in a work tree, wherever its git directory is', async (t) => {
  const repo = await mended(t)
  const bare = join(repo.home, 'dotfiles')
  await repo.git('init', '-q', '--bare', bare)
  const apart = { GIT_DIR: bare, GIT_WORK_TREE: repo.home }
  const made = await pp(repo, ['keygen', join(repo.home, 'key'), '--json'], { cwd: repo.home, env: apart })
  t.is(made.status, 2)
  t.regex(String(made.json.reason), /is inside the work tree/)
  await t.throwsAsync(fs.access(join(repo.home, 'key')))
})

for (const [what, argv] of Object.entries({
  'no key': ['--sign', 'ed25519'],
  'a variable that is not set': ['--sign', 'hmac-sha256', '--key-env', 'NOT_SET'],
  'a file that is not there': ['--sign', 'ed25519', '--key', ABSENT],
  'a key and no mode': ['--key', ABSENT],
})) {
  test(`asked to sign with ${what}: status 2, and nothing was started`, async (t) => {
    const repo = await mended(t)
    const { status } = await pp(repo, ['prove', ...argv, '--json', 'HEAD', COMMAND])
    t.is(status, 2)
    t.true(await noSessions(repo))
  })
}

test('without a sandbox nothing is signed by that process, and it says so; attest signs later', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  const sign = ['--sign', 'ed25519', '--key', key, '--sandbox', 'none', '--network', 'allow']
  const { status, json } = await pp(repo, ['prove', ...sign, '--json', 'HEAD', COMMAND])
  t.is(status, 0, json.reason)
  t.true((json['warnings'] as string[]).some((one) => /not signed, because without a sandbox/.test(one)))
  t.is((await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`, '--json'])).json.verdict, 'UNSIGNED')
  const attested = await pp(repo, ['attest', 'HEAD', '--mode', 'ed25519', '--key', key, '--json'])
  t.is(attested.status, 0, attested.json.reason)
  const verified = await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`, '--json'])
  t.is(verified.json.verdict, 'PROVED')
  t.like((verified.json['signatures'] as object[])[0], { role: 'endorser' })
})

test('an exported bundle is checked by sha256sum, takes its attestations along, and verifies as a directory', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  await pp(repo, ['prove', '--sign', 'ed25519', '--key', key, 'HEAD', COMMAND])
  const dir = join(repo.home, 'bundle')
  t.is((await pp(repo, ['export', 'HEAD', dir])).status, 0)
  await exec('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: dir })
  t.is((await pp(repo, ['verify', dir, '--key', `${key}.pub`, '--json'])).json.verdict, 'PROVED')
  const clone = join(repo.home, 'clone')
  await repo.git('clone', '-q', repo.dir, clone)
  t.is((await pp(repo, ['import', dir], { cwd: clone })).status, 0)
  const there = await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`, '--json'], { cwd: clone })
  t.is(there.json.verdict, 'PROVED', there.json.reason)
  await fs.appendFile(join(dir, 'repro.json'), ' ')
  t.is((await pp(repo, ['verify', dir, '--key', `${key}.pub`, '--json'])).json.verdict, 'TAMPERED')
})

test('replay --verify-attestation runs nothing that does not verify, and replays what does', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  await pp(repo, ['prove', '--sign', 'ed25519', '--key', key, 'HEAD', COMMAND])
  const refused = await pp(repo, ['replay', 'HEAD', '--verify-attestation', '--json'])
  t.is(refused.status, 4)
  t.is(refused.json.verdict, 'UNTRUSTED')
  t.is(refused.json['runs'], undefined)
  const trusted = ['replay', 'HEAD', '--verify-attestation', '--key', `${key}.pub`, '--json']
  t.is((await pp(repo, trusted)).json.verdict, 'REPRODUCED')
  t.is((await pp(repo, ['replay', 'HEAD', '--key', `${key}.pub`, '--json'])).status, 2)
})

test('the names of the earlier tool still work and are shown nowhere', async (t) => {
  const repo = await mended(t)
  const env = { PP_KEY: SECRET }
  const sign = ['--attest', '--attestation-mode', 'hmac-sha256', '--attestation-key-env', 'PP_KEY']
  t.is((await pp(repo, ['prove', ...sign, 'HEAD', COMMAND], { env })).status, 0)
  const verify = ['verify-attestation', 'HEAD', '--attestation-mode', 'hmac-sha256', '--attestation-key-env', 'PP_KEY']
  t.is((await pp(repo, verify, { env })).status, 0)
  t.notRegex((await pp(repo, ['--help'])).stdout, /verify-attestation/)
})

test('of several proofs of a commit all take the newest, show counts the others, and verify names the one it took', async (t) => {
  const repo = await mended(t)
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  const prove = async () => (await pp(repo, ['prove', '--runs', '1', '--json', 'HEAD', COMMAND])).json['session']
  const [first, second] = [await prove(), await prove()]
  t.like((await pp(repo, ['show', 'HEAD', '--json'])).json, { session: second, others: [first] })
  t.true(
    (await pp(repo, ['show', 'HEAD'])).stdout.includes(`this commit has 1 more proof: git pp show ${String(first)}`),
  )
  t.true((await pp(repo, ['report', 'HEAD'])).stdout.includes(`git pp verify ${String(second)}`))
  t.is((await pp(repo, ['verify', 'HEAD', '--allow-unsigned', '--json'])).json['session'], second)
  t.is((await pp(repo, ['apply', 'HEAD', '--json'])).json['session'], second)
  const sign = ['attest', '--mode', 'ed25519', '--key', key, '--json']
  t.is((await pp(repo, [...sign, String(first)])).json['session'], first)
  const best = await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`, '--json'])
  t.like(best.json, { verdict: 'PROVED', session: first })
  t.is((await pp(repo, [...sign, 'HEAD'])).json['session'], second)
  t.is((await pp(repo, ['verify', 'HEAD', '--key', `${key}.pub`, '--json'])).json['session'], second)
})
