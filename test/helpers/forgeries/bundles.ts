import { encodeBundleLine } from '../../../src/engine/core/bundle/bundle.ts'
import { canonicalJson, sha256, utf8Bytes } from '../../../src/engine/core/bytes/canonical.ts'
import { type Bend, type Proof, tempProof } from '../proof.ts'
import { bent, type Forgery, type Group, type Laid, trusting } from './case.ts'
import { type Files, json, mismatched, patch, resealed, text } from './edits.ts'

const OUT = 'attempts/1/command/stdout'
const RED = 'verification/2_red/command/evidence.json'
const GREEN = 'verification/2_green/command/evidence.json'

/** A signed proof whose bundle is another line than the one that was signed. */
const line =
  (make: (proof: Proof) => string | Promise<string>, bend: Bend = {}) =>
  async (t: Parameters<typeof tempProof>[0]): Promise<Laid> => {
    const proof = await tempProof(t, { ...bend, without: ['bundles'] })
    await proof.put('attestations', await proof.sign(proof.statement()))
    await proof.put('bundles', await make(proof))
    return { proof, ask: await trusting(proof) }
  }

const swapped = (what: string, change: (files: Files) => void): Forgery => ({
  attack: `${what}, the manifest as it was`,
  verdict: 'TAMPERED',
  lay: line(({ bundle }) => mismatched(bundle, change)),
})

const forged = (what: string, change: (text: string) => string): Forgery => ({
  attack: `the patch that people read has ${what}`,
  verdict: 'TAMPERED',
  lay: bent({ record: patch(change) }),
})

const claims = (attack: string, bend: Bend): Forgery => ({ attack, verdict: 'NOT_A_PROOF', lay: bent(bend) })

const stdout = (files: Files) => void files.set(OUT, utf8Bytes('forged\n'))

/** What stands in a line of bundles. */
export const bundles: Group = {
  title: 'A bundle is changed',
  cases: [
    swapped('evidence is swapped', stdout),
    swapped('a file is added', (files) => files.set('attempts/2/command/stdout', utf8Bytes('forged\n'))),
    swapped('a file of an attempt is removed', (files) => void files.delete(OUT)),
    swapped('policy.json is swapped', (files) => files.set('policy.json', utf8Bytes('{}\n'))),
    {
      attack: 'evidence is swapped and the manifest made to fit; the trailer names the old one',
      verdict: 'TAMPERED',
      lay: line(({ bundle }) => resealed(bundle, stdout)),
    },
    {
      attack: 'evidence is swapped and the manifest made to fit, where no trailer names it; the signature does',
      verdict: 'TAMPERED',
      lay: line(({ bundle }) => resealed(bundle, stdout), { kind: 'prove' }),
    },
    {
      attack: 'a forged bundle and lines of nonsense beside the honest one lower nothing',
      verdict: 'PROVED',
      lay: line((proof) => `nonsense\n${resealed(proof.bundle, stdout)}\n${encodeBundleLine(proof.bundle)}`),
    },
    {
      attack: 'a path leads out of the bundle',
      verdict: 'TAMPERED',
      lay: line(({ bundle }) => {
        const bytes = utf8Bytes('x')
        const manifest = [...bundle.manifest, { path: '../out', sha256: sha256(bytes), bytes: 1 }]
        return encodeBundleLine({ v: bundle.v, files: new Map([...bundle.files, ['../out', bytes]]), manifest })
      }),
    },
    forged('another added line', (text) => text.replace('+echo $(($1 + $2))', '+echo $(($2 + $1))')),
    forged('another removed line', (text) => text.replace('-echo $(($1 - $2))', '-echo $(($2 - $1))')),
    forged('hunks at other lines', (text) => text.replace('@@ -1 +1 @@', '@@ -7 +7 @@')),
    forged('another id', (text) => text.replace(/\.\.[0-9a-f]{40}/, `..${'1'.repeat(40)}`)),
    forged('another mode', (text) => text.replace(/ 100644\n/, ' 100755\n')),
    forged('another path behind +++', (text) => text.replace('+++ b/add.sh', '+++ b/test.sh')),
    forged('a file that was there as a new one', (text) => text.replace('--- a/add.sh', '--- /dev/null')),
    forged('a hunk headed by words that stand nowhere', (text) => text.replace(/(@@ .* @@).*/, '$1 only_a_comment()')),
    forged('talk between its lines', (text) => `Reviewed and safe.\n${text}`),
    forged('a second section', (text) => text + text.replaceAll('add.sh', 'more.sh')),
    forged('nothing in it', () => ''),
    {
      attack: 'the base is not the parent of the commit',
      verdict: 'TAMPERED',
      lay: bent({
        kind: 'prove',
        record: json('repro.json', (repro) => ({ base: { ...(repro['base'] as object), commit: '1'.repeat(40) } })),
      }),
    },
    {
      attack: 'records are taken away that everything is derived from',
      verdict: 'MALFORMED',
      lay: line((proof) =>
        ['repro.json', 'policy.json', 'environment.json']
          .map((path) => resealed(proof.bundle, (files) => files.set(path, utf8Bytes('{}'))))
          .join('\n'),
      ),
    },
    ...(
      [
        ['nested too deep', '['.repeat(100_000)],
        ['too long', `{"v":1,"files":{"a":{"utf8":"${'x'.repeat(2 << 20)}"}}}`],
        ['no JSON', '{'],
      ] as const
    ).map(([what, text]): Forgery => ({ attack: `a line is ${what}`, verdict: 'MALFORMED', lay: line(() => text) })),
    {
      attack: 'a note of 17 MiB, more than is read',
      verdict: 'MALFORMED',
      lay: line(() => 'x'.repeat(17 << 20)),
    },
    {
      attack: 'a million lines before the honest one, more than are read',
      verdict: 'MALFORMED',
      lay: line(
        ({ bundle }) => `${Array.from({ length: 1_000_000 }, (_, n) => n).join('\n')}\n${encodeBundleLine(bundle)}`,
      ),
    },
    {
      attack: 'a million lines behind the honest one lower nothing',
      verdict: 'PROVED',
      lay: line(
        ({ bundle }) => `${encodeBundleLine(bundle)}\n${Array.from({ length: 1_000_000 }, (_, n) => n).join('\n')}`,
      ),
    },
    {
      attack: 'a format of the future',
      verdict: 'INCONCLUSIVE',
      lay: line(({ bundle }) => encodeBundleLine(bundle).replace(/"v":2\}$/, '"v":3}')),
    },
    {
      attack: 'the patch is left out, as if it were too large',
      verdict: 'TAMPERED',
      lay: bent({
        record(files) {
          files.delete('final.patch')
          files.set('final.patch.digest.json', utf8Bytes(canonicalJson({ bytes: 1 << 20, sha256: '1'.repeat(64) })))
        },
      }),
    },
    ...(
      [
        ['with a blank in it', (line) => line.replace('"v":2', '"v": 2')],
        ['with a key twice', (line) => line.replace('"v":2}', '"v":3,"v":2}')],
        [
          'with a file that readers of JSON hide',
          (line) => line.replace('"files":{', '"files":{"__proto__":{"utf8":"x"},'),
        ],
      ] as const satisfies readonly (readonly [string, (line: string) => string])[]
    ).map(
      ([what, edit]): Forgery => ({
        attack: `a line is spelled ${what}`,
        verdict: 'MALFORMED',
        lay: line(({ bundle }) => edit(encodeBundleLine(bundle))),
      }),
    ),
    ...(
      [
        ['says its verdict twice', (json) => json.replace('{', '{"verdict":"NOT_FIXED",')],
        ['begins with a mark that some readers skip', (json) => `\ufeff${json}`],
        [
          'holds bytes that are no UTF-8',
          (json) => Uint8Array.from(Buffer.from(json.replace('red without', 'r\xff without'), 'latin1')),
        ],
      ] as const satisfies readonly (readonly [string, (json: string) => string | Uint8Array])[]
    ).map(
      ([what, edit]): Forgery => ({
        attack: `repro.json ${what}, signed as it is`,
        verdict: 'MALFORMED',
        lay: bent({ record: text('repro.json', edit) }),
      }),
    ),
    claims('more reds and greens are told than there are', { repro: { counts: { reds: 999, greens: 999 } } }),
    {
      attack: 'PASSED_ONCE, accepted as such, and nothing was run with the change',
      verdict: 'NOT_A_PROOF',
      lay: bent(
        {
          files: { 'pp.yaml': 'policy: {verify: {runs: 0}}\n' },
          pairs: 0,
          repro: { verdict: 'PASSED_ONCE', counts: { reds: 1, greens: 1 } },
          record: (files) => void files.delete('attempts/1/command/evidence.json'),
        },
        { allowWeak: true },
      ),
    },
    {
      attack: 'a sandbox that did not hold the network, where the policy closes it',
      verdict: 'POLICY_MISMATCH',
      lay: bent({
        record: json('environment.json', ({ sandbox }) => ({
          sandbox: { ...(sandbox as object), enforces: { network: false } },
        })),
      }),
    },
    claims('there is no red', { record: (files) => void files.delete(RED) }),
    claims('there is no baseline', {
      record: (files) => void files.delete('attempts/0_baseline/command/evidence.json'),
    }),
    claims('a red is green', { record: json(RED, () => ({ reading: { is: 'green' } })) }),
    claims('a green ended with 1', { record: json(GREEN, () => ({ ended: { how: 'exited', code: 1 } })) }),
    claims('a green is of another tree', { record: json(GREEN, () => ({ tree: '1'.repeat(40) })) }),
    claims('fewer pairs than the policy says', { pairs: 2 }),
    claims('PROVED, and no pair at all (runs: 0)', { pairs: 0 }),
    claims('PASSED_ONCE', {
      files: { 'pp.yaml': 'policy: {verify: {runs: 0}}\n' },
      pairs: 0,
      repro: { verdict: 'PASSED_ONCE' },
    }),
    {
      attack: 'a sandbox that stops nothing, where the policy does not say so',
      verdict: 'POLICY_MISMATCH',
      lay: bent({ record: json('environment.json', () => ({ sandbox: { kind: 'none', version: '', enforces: {} } })) }),
    },
    {
      attack: 'an open network, where the policy closes it',
      verdict: 'POLICY_MISMATCH',
      lay: bent({ record: json('environment.json', () => ({ network: 'allow' })) }),
    },
  ],
}
