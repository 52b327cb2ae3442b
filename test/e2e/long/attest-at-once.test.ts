import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { NOTES } from '../../../src/engine/flows/refs/session-refs.ts'
import { callerOf } from '../../helpers/caller.ts'
import { publicKey, tempProof } from '../../helpers/proof.ts'
import { fsckClean } from '../../helpers/repo.ts'
import { WHOLE } from '../../helpers/sample.ts'

const [WRITERS, EACH] = WHOLE ? [8, 8] : [4, 3]
const ENGINE = new URL('../../../src/engine/index.ts', import.meta.url).href

test(`${WRITERS} people, each in a process of their own, sign one commit ${EACH} times each at once, and no attestation is lost`, async (t) => {
  const { repo, commit, verify } = await tempProof(t)
  const seeds = Array.from({ length: WRITERS * EACH }, (_, n) => (n + 1).toString(16).padStart(2, '0').repeat(32))
  const files = await Promise.all(
    seeds.map(async (seed, n) => {
      await fs.writeFile(join(repo.home, `seed-${n}`), seed)
      return join(repo.home, `seed-${n}`)
    }),
  )
  const { signal: _, ...caller } = callerOf(repo)
  const writer = `
    const [caller, proof, ...files] = process.argv.slice(1)
    const { attest } = await import(${JSON.stringify(ENGINE)})
    const { signal } = new AbortController()
    for (const keyFile of files) {
      const { attestation, found } = await attest({ ...JSON.parse(caller), signal }, { proof, mode: 'ed25519', keyFile })
      if (attestation === null) throw new Error(found.reason)
    }`
  const start = (n: number) => {
    const mine = files.slice(n * EACH, (n + 1) * EACH)
    const argv = ['--import=tsx', '--input-type=module', '-e', writer, JSON.stringify(caller), commit, ...mine]
    return promisify(execFile)(process.execPath, argv, { env: repo.env, cwd: process.cwd() })
  }
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => start(n)))
  const lines = (await repo.git('notes', '--ref', NOTES.attestations, 'show', commit)).split('\n')
  t.log(`${WRITERS} writers, ${seeds.length} attestations of one commit at once: ${new Set(lines).size} kept`)
  t.is(lines.length, seeds.length)
  t.is(new Set(lines).size, seeds.length)
  const trust = join(repo.home, 'everybody')
  const keys = await Promise.all(seeds.map(async (seed) => fs.readFile(await publicKey(repo, seed), 'utf8')))
  await fs.writeFile(trust, keys.join(''))
  const [verified] = await verify({ trust: [trust], threshold: seeds.length })
  t.is(verified?.verdict, 'PROVED', verified?.reason)
  t.is(await repo.git('for-each-ref', 'refs/notes/pp-tmp'), '')
  t.true(await fsckClean(repo))
})
