import test from 'ava'
import { ENVELOPE_LIMIT, openEnvelope, preAuthenticationEncoding } from '../../../../src/engine/core/attest/dsse.ts'
import { readProofTrailer } from '../../../../src/engine/core/attest/proof-trailer.ts'
import { strictBase64 } from '../../../../src/engine/core/bytes/base64.ts'
import { canonicalJson, utf8Bytes } from '../../../../src/engine/core/bytes/canonical.ts'
import { editedTreeId, treeId } from '../../../../src/engine/core/gitobject/tree-id.ts'
import {
  type PatchSection,
  readSections,
  sectionsDifference,
} from '../../../../src/engine/core/gitpatch/patch-sections.ts'
import { ed25519PublicKey, ed25519Seed } from '../../../../src/engine/core/keys/keys.ts'
import { readTrustFile } from '../../../../src/engine/core/sshsig/trusted-keys.ts'
import { tempRepo } from '../../../helpers/repo.ts'
import { open } from '../../git/open.ts'

test('canonical JSON sorts keys by UTF-16 units (RFC 8785, section 3.2.3)', (t) => {
  const input = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  t.deepEqual(Object.values(JSON.parse(canonicalJson([input]).slice(1, -1)) as object).length, 7)
  t.is(
    canonicalJson(input),
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  )
})

test('canonical JSON writes literals, numbers and strings one way (RFC 8785, section 3.2.2)', (t) => {
  const input = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  ) as unknown
  t.is(
    canonicalJson(input),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
})

test('the pre-authentication encoding is the one of the DSSE protocol', (t) => {
  const said = preAuthenticationEncoding('http://example.com/HelloWorld', utf8Bytes('hello world'))
  t.is(new TextDecoder().decode(said), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world')
})

test('lengths of the encoding count bytes', (t) => {
  t.is(new TextDecoder().decode(preAuthenticationEncoding('é', utf8Bytes('ü'))), 'DSSEv1 2 é 2 ü')
})

test('base64 is read in both alphabets, and only where it is one text of its bytes', (t) => {
  t.deepEqual(strictBase64('+/8='), Uint8Array.from([0xfb, 0xff]))
  t.deepEqual(strictBase64('-_8'), Uint8Array.from([0xfb, 0xff]))
  for (const text of ['+/9=', '+_8=', '+/8==', '+/8=\n', 'A', '====']) t.is(strictBase64(text), null, text)
})

test('envelopes of several signatures, of a wrong shape or too long are malformed', (t) => {
  const envelope = (signatures: unknown) =>
    JSON.stringify({ payloadType: 'application/vnd.in-toto+json', payload: 'e30=', signatures })
  const one = { sig: 'AA==' }
  for (const line of [envelope([one, one]), envelope('x'), '{}', '[]', 'null', '', 'x'.repeat(ENVELOPE_LIMIT + 1)])
    t.is(openEnvelope(line).is, 'malformed', line.slice(0, 80))
})

for (const [what, text, says] of [
  [
    'an RSA key',
    '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
    /a PEM block of type RSA PRIVATE KEY/,
  ],
  [
    'an OpenSSH key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
    /an OpenSSH private key/,
  ],
  ['two keys', '-----BEGIN PUBLIC KEY-----\n-----BEGIN PUBLIC KEY-----', /a file of 2 keys/],
  ['too few bytes', '00ff', /2 bytes in hex/],
  ['two SSH keys', `ssh-ed25519 ${'A'.repeat(68)} a\nssh-ed25519 ${'B'.repeat(68)} b`, /a file of 2 SSH keys/],
  ['a broken PEM', '-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----', /cannot be read/],
] as const) {
  test(`where an ed25519 key is wanted, ${what} is told by its kind`, (t) => {
    const source = { text, origin: 'FILE', file: null }
    t.throws(() => ed25519Seed(source), { message: says })
    t.throws(() => ed25519PublicKey(source), { message: says })
  })
}

test('a list of signers takes PEM and allowed signers, comments and blank lines', (t) => {
  const line = `alice ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`
  const { trust, problems } = readTrustFile(`# us\n\n${line}\nnonsense\n`, 'list')
  t.deepEqual(trust, [{ mode: 'ssh', name: 'list', text: `${line}\n` }])
  t.is(problems.length, 1)
})

test('a commit announces a proof by lines of one form, and every line counts', (t) => {
  const line = `Patch-Proof: v1 session=${'0'.repeat(26)} manifest=sha256:${'a'.repeat(64)}`
  t.deepEqual(readProofTrailer(`Subject\n\n${line}\n`), [{ session: '0'.repeat(26), manifest: 'a'.repeat(64) }])
  t.is(readProofTrailer(`Subject\n\n${line}\n\npatch-proof : other\n`).length, 2)
  t.deepEqual(readProofTrailer('Subject\n\nPatch-Proof: v2 x\n'), [null])
  t.deepEqual(readProofTrailer('Patch-Proofs are fine\n'), [])
})

const FILES = { a: 'a\n', 'b.txt': 'b\n', 'b/c': 'c\n', 'dir/deep/d': 'd\n' }

for (const format of ['sha1', 'sha256'] as const) {
  test(`a tree has the id that git gives it (${format})`, async (t) => {
    const repo = await tempRepo(t, FILES, { format })
    const { rehashed } = await open(t, repo)
    const id = await repo.git('rev-parse', 'HEAD^{tree}')
    const entries = await rehashed.list(id)
    t.is(treeId(entries, format), id)
    await repo.git('rm', '-q', 'b/c')
    await repo.commit('edit', { 'dir/deep/d': 'D\n' })
    const edits = new Map([
      ['b/c', null],
      ['dir/deep/d', { bytes: utf8Bytes('D\n'), mode: '100644' as const }],
    ])
    t.is(editedTreeId(entries, edits, format), await repo.git('rev-parse', 'HEAD^{tree}'))
  })
}

test('every kind of section of a real patch agrees with its trees', async (t) => {
  const repo = await tempRepo(t, {
    ...FILES,
    'with blank': 'x\n',
    'tab\there': 'x\n',
    gone: 'x\n',
    mode: 'x\n',
    empty: '',
  })
  const { rehashed, objects } = await open(t, repo)
  const before = await repo.git('rev-parse', 'HEAD^{tree}')
  await repo.git('rm', '-q', 'gone', 'empty')
  await repo.git('update-index', '--chmod=+x', 'mode', 'a')
  await repo.git('update-index', '--chmod=+x', 'b.txt')
  const more = { 'with blank': 'y\n', 'tab\there': 'y', ü: 'neu\n', binary: Buffer.from([0, 1, 2, 3]), void: '' }
  for (const [path, content] of Object.entries({ ...more, a: 'A\n-- x\n' })) await repo.write(path, content)
  await repo.git('-c', 'core.fileMode=false', 'add', '-A')
  await repo.git('commit', '-q', '-m', 'all')
  const after = await repo.git('rev-parse', 'HEAD^{tree}')
  const patch = await objects.patch(before, after)
  const changes = await rehashed.changes(before, after)
  t.true(changes.length >= 9)
  const sections = readSections(patch) as PatchSection[]
  t.is(sectionsDifference(sections, changes), null)
  t.regex(sectionsDifference(sections, changes.slice(1)) ?? '', /which is the same in both trees/)
  t.regex(sectionsDifference([], changes) ?? '', /does not change it/)
})
