import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { encodeBundleLine, openCanonicalBundleLine } from '../../../../src/engine/core/bundle/bundle.ts'
import { NOTES } from '../../../../src/engine/flows/refs/session-refs.ts'
import { exportBundle, importBundle, log } from '../../../../src/engine/index.ts'
import { verifyBoth } from '../../../helpers/both.ts'
import { callerOf } from '../../../helpers/caller.ts'
import { json, resealed } from '../../../helpers/forgeries/edits.ts'
import { DEFAULTS, publicKey, tempProof } from '../../../helpers/proof.ts'
import { versionOne } from '../../../helpers/version-one.ts'

test('a proof of version 1 is verified with the words of its time', async (t) => {
  const { repo, commit } = await versionOne(t)
  const key = [await publicKey(repo)]
  const [signed] = await verifyBoth(repo, { ...DEFAULTS, proofs: [commit], key })
  t.is(signed?.verdict, 'PROVED', signed?.reason)
  t.regex(signed?.reason ?? '', /^5 red without the change, 4 green with it; signed by a1a1\.pub \(ed25519, prover\)$/)
  await repo.git('commit', '-q', '--amend', '-m', 'Mend add, and say more of it')
  const [amended] = await verifyBoth(repo, { ...DEFAULTS, proofs: ['HEAD'], key })
  t.is(amended?.verdict, 'PROVED_SAME_TREES', amended?.reason)
})

test('a line of version 1 keeps its bytes wherever it is carried', async (t) => {
  const { repo, session, commit, line } = await versionOne(t)
  t.is(encodeBundleLine(openCanonicalBundleLine(line)), line)
  const dir = await exportBundle(callerOf(repo), session, join(repo.home, 'bundle'))
  await repo.git('update-ref', `refs/pp/${session}/final`, commit)
  await repo.git('update-ref', '-d', NOTES.bundles)
  await importBundle(callerOf(repo), dir)
  t.is(await repo.git('notes', '--ref', NOTES.bundles, 'show', commit), line)
  t.deepEqual(
    (await log(callerOf(repo), { limit: null })).map(({ verdict }) => verdict),
    ['PROVED'],
  )
})

test('a record of one version in a bundle of another is none', async (t) => {
  const proof = await tempProof(t, { without: ['bundles'] })
  await proof.put(
    'bundles',
    resealed(
      proof.bundle,
      json('repro.json', () => ({ v: 1 })),
    ),
  )
  const [found] = await proof.verify({ allowUnsigned: true })
  t.is(found?.verdict, 'MALFORMED')
  t.regex(found?.reason ?? '', /repro\.json has format 1, but its bundle has format 3/)
})

test('a bundle directory of a newer format says so', async (t) => {
  const { repo, commit } = await tempProof(t)
  const dir = await exportBundle(callerOf(repo), commit, join(repo.home, 'bundle'))
  const text = await readFile(join(dir, 'repro.json'), 'utf8')
  await writeFile(join(dir, 'repro.json'), text.replace('"v":3', '"v":5'))
  await t.throwsAsync(verifyBoth(repo, { ...DEFAULTS, proofs: [dir] }), { code: 'NEWER_FORMAT', message: /format 5/ })
})

test('a proof of version 2 is verified by the runs that it had to have', async (t) => {
  const word = async (bend: Parameters<typeof tempProof>[1]) => {
    const [found] = await (await tempProof(t, { older: true, ...bend })).verify({ allowUnsigned: true })
    return [found?.verdict, found?.reason]
  }
  t.deepEqual(await word({}), [
    'PROVED_UNSIGNED',
    '5 red without the change, 4 green with it; no trusted key signed it, which --allow-unsigned accepts',
  ])
  const [verdict, reason] = await word({ pairs: 2 })
  t.is(verdict, 'NOT_A_PROOF')
  t.regex(String(reason), /pair 3 of 3: a run is missing/)
})
