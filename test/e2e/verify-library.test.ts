import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { installed } from '../helpers/installed.ts'
import { publicKey, tempProof } from '../helpers/proof.ts'

const exec = promisify(execFile)
const TOP = join(import.meta.dirname, '..', '..')
const PACKAGE = join(installed(), 'lib', 'node_modules', 'git-pp')

/** Ends the process with 99 where it has so much as loaded what starts programs. */
const GUARD = `process.on('exit', () => {
  if (process.moduleLoadList.some((name) => /^NativeModule (child_process|cluster)$/.test(name))) process.exitCode = 99
})\n`

/** The example of docs/verify.md, in a project that has this package installed. */
async function example(t: ExecutionContext) {
  const proof = await tempProof(t)
  await proof.put('attestations', await proof.sign(proof.statement()))
  const dir = join(proof.repo.home, 'project')
  await fs.mkdir(join(dir, 'node_modules'), { recursive: true })
  await fs.symlink(PACKAGE, join(dir, 'node_modules', 'git-pp'))
  const page = await fs.readFile(join(TOP, 'docs', 'verify.md'), 'utf8')
  const [, code = ''] = /```js\n(\/\/ example:[\s\S]*?)```/.exec(page) ?? []
  await fs.writeFile(join(dir, 'example.mjs'), code)
  await fs.writeFile(join(dir, 'guard.mjs'), GUARD)
  const run = (argv: readonly string[]) =>
    exec(process.execPath, ['--import', './guard.mjs', ...argv], { cwd: dir, env: { PATH: '' } })
  return { proof, dir, run }
}

test('the example of the page verifies a proof, with an empty PATH and no child process', async (t) => {
  const { proof, run } = await example(t)
  const { stdout, stderr } = await run(['example.mjs', proof.repo.dir, await publicKey(proof.repo)])
  t.regex(stdout, /^PROVED 3 red without the change, 3 green with it; signed by key 1/)
  t.is(stderr, '')
})

test('it says no by its status, where the key is a stranger', async (t) => {
  const { proof, run } = await example(t)
  const stranger = await publicKey(proof.repo, 'b0'.repeat(32))
  const said = await t.throwsAsync(run(['example.mjs', proof.repo.dir, stranger]))
  t.like(said, { code: 4 })
  t.regex(
    String(said && 'stdout' in said ? said.stdout : ''),
    /^UNTRUSTED signature: 1 attestation, but none by a key that you trust: it claims to be signed with ed25519 key [0-9a-f]{64}\n$/,
  )
})

test('the guard of these tests notices a program that is started', async (t) => {
  const { dir, run } = await example(t)
  await fs.writeFile(join(dir, 'starts.mjs'), "import { spawnSync } from 'node:child_process'\nspawnSync('true')\n")
  t.like(await t.throwsAsync(run(['starts.mjs'])), { code: 99 })
})

/** Every name that the page promises. */
const USE = `import { type Check, type ErrorCode, type Files, PpError, STATUS_OF_WORD, type TrustedKey, type TrustedList,
  type TrustedSignature, type TrustRequest, type Verification, verify, type VerifyRequest, type Word } from 'git-pp/verify'
export const keys: readonly TrustedKey[] = [{ text: '', mode: 'ed25519' }]
export const lists: readonly TrustedList[] = [{ text: '' }]
export const request: VerifyRequest = { dir: '.', trust: { keys, lists } satisfies TrustRequest }
export const answers: Promise<readonly Verification[]> = verify(request)
export const status = (word: Word): number => STATUS_OF_WORD[word]
export const code = (error: PpError): ErrorCode => error.code
export const from = (files: Files): VerifyRequest => ({ dir: '.', fs: files })
export const parts = ({ checks, signatures }: Verification): [readonly Check[], readonly TrustedSignature[]] => [checks, signatures]
// @ts-expect-error: a mode that is none
export const wrong: TrustedKey = { text: '', mode: 'rot13' }
`

test('its types compile in a strict project that has no other package', async (t) => {
  const { dir } = await example(t)
  const options = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: false, types: [], noEmit: true }
  await fs.writeFile(join(dir, 'package.json'), '{"type":"module"}')
  await fs.writeFile(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.ts'] }))
  await fs.writeFile(join(dir, 'use.ts'), USE)
  const compile = exec(process.execPath, [join(TOP, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', dir])
  await t.notThrowsAsync(compile.catch(({ stdout }) => Promise.reject(new Error(stdout))))
  t.notRegex(await fs.readFile(join(PACKAGE, 'dist', 'verify', 'index.d.ts'), 'utf8'), /\bimport\b|\bfrom ['"]/)
})
