import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'
import anyTest, { type TestFn } from 'ava'
import { KEY_MODES } from '../../src/engine/model/kinds.ts'
import { DUMMIES } from '../helpers/dummies.ts'
import { type TestRepo, tempRepo, type Undoing } from '../helpers/repo.ts'

const CHECKOUT = path.join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

/** Builds as `npm run build` does, but for the types and the licences, which tell nothing of kinds. */
const BUILD = `
import { bundle } from './tools/build/bundle.ts'
import { grammars } from './tools/build/grammars.ts'
await bundle(process.cwd(), 'dist')
grammars('dist')
`

/** A copy of the sources with one file more for each room, generated and built. */
async function extended(t: Undoing): Promise<string> {
  const top = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), 'pp-kinds-')))
  t.teardown(() => fs.rm(top, { recursive: true, force: true }))
  for (const part of ['src', 'tools', 'bin', 'package.json', 'tsconfig.json'])
    await fs.cp(path.join(CHECKOUT, part), path.join(top, part), { recursive: true })
  await fs.symlink(path.join(CHECKOUT, 'node_modules'), path.join(top, 'node_modules'))
  for (const [file, text] of Object.entries(DUMMIES)) await fs.writeFile(path.join(top, file), text, { flag: 'wx' })
  await run(process.execPath, ['--import=tsx', 'tools/generate-rooms.ts', '--root', top], { cwd: CHECKOUT })
  await run(process.execPath, ['--import=tsx', '--input-type=module', '-e', BUILD], { cwd: top })
  return top
}

/** Files of `src` that the checkout does not have, or has with another text; without generated ones. */
async function written(top: string): Promise<string[]> {
  const entries = await fs.readdir(path.join(top, 'src'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.generated.ts'))
  const read = (root: string, file: string) => fs.readFile(path.join(root, file), 'utf8').catch(() => null)
  const found: string[] = []
  for (const { parentPath, name } of files) {
    const file = path.relative(top, path.join(parentPath, name))
    if ((await read(top, file)) !== (await read(CHECKOUT, file))) found.push(file)
  }
  return found.sort()
}

/** Only the tracer learns which line runs: what is printed names no file of the product. */
const CHECK = `[ -z "$DUMMY_TRACE" ] || echo calc.dummy:2 > "$DUMMY_TRACE"
if grep -q 'a + b' calc.dummy; then echo 'DUMMY passed checks.dummy › adds'
else echo 'DUMMY failed checks.dummy › adds'; exit 1; fi
`
const OTHERS = Array.from({ length: 60 }, (_, n) => `def other_${n}(a):\n${'    a = a * 2\n'.repeat(8)}    return a\n`)
const FILES = {
  'calc.dummy': ['def add(a, b):\n    return a - b\n', ...OTHERS].join('\n'),
  'checks.dummy': 'adds\n',
  'check.sh': CHECK,
  // No plug: plugs come from the package alone.
  'src/engine/proposers/planted.ts': "throw new Error('loaded from the tree')\n",
}

interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

interface Context {
  readonly top: string
  readonly repo: TestRepo
  /** A file with a private key of the mode `dummy`; with `.pub` behind it, the public key. */
  readonly key: string
  readonly pp: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>
  /** A session in which each dummy had a part. */
  readonly session: Ran
}

function using(top: string, repo: TestRepo): Context['pp'] {
  return (args, env = {}) => {
    const argv = [path.join(top, 'bin', 'git-pp.cjs'), ...args]
    return run(process.execPath, argv, { cwd: repo.dir, env: { ...repo.env, ...env } }).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
    )
  }
}

async function newKey(file: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed448')
  await fs.writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  await fs.writeFile(`${file}.pub`, publicKey.export({ type: 'spki', format: 'pem' }))
}

const undo: (() => unknown)[] = []
const context: { made?: Context } = {}
const test = anyTest as TestFn<Context>

test.before(async () => {
  const t = { teardown: (how: () => unknown) => void undo.push(how) }
  const top = await extended(t)
  const repo = await tempRepo(t, FILES)
  const pp = using(top, repo)
  const key = path.join(repo.home, 'key')
  await newKey(key)
  await repo.git('config', 'pp.dummy', 'as git config says')
  const where = ['--sandbox', 'dummy', '--network', 'allow', '--runs', '1']
  const how = ['--provider', 'dummy', '--sign', 'dummy', '--key', key, '--artifacts', '--verbose', '--json']
  const session = await pp(['run', 'sh check.sh', ...where, ...how], { PP_DUMMY: 'as its variable says' })
  context.made = { top, repo, key, pp, session }
})

test.beforeEach((t) => {
  if (context.made) t.context = context.made
})

test.after.always(async () => {
  for (const how of undo.reverse()) await how()
})

test('one file for each room is all that was added', async (t) => {
  t.deepEqual(await written(t.context.top), Object.keys(DUMMIES).sort())
})

test('a provider: --provider takes it, and its variable counts more than its setting', (t) => {
  const { session } = t.context
  const { verdict, attempts } = JSON.parse(session.stdout)
  t.is(verdict, 'PROVED', session.stderr)
  t.like(attempts, [{ proposer: 'dummy', verdict: 'PROVED' }])
  t.true(session.stderr.includes('dummy: as its variable says at calc.dummy:2'), session.stderr)
})

test('a provider that is offered stands in a new policy file, in the list of known ones and in what else could be asked', async (t) => {
  const { pp, repo } = t.context
  t.is((await pp(['init'])).status, 0)
  const policy = await fs.readFile(path.join(repo.dir, 'pp.yaml'), 'utf8')
  await fs.rm(path.join(repo.dir, 'pp.yaml'))
  t.true(policy.includes(', command, dummy (adds instead of subtracting).'), policy)
  const unknown = await pp(['run', 'true', '--provider', 'planted'])
  t.regex(unknown.stderr, /there is no provider planted; known: command, dummy, local/)
  const idle = ['--provider', 'command', '--sandbox', 'dummy', '--network', 'allow', '--json']
  const stuck = await pp(['run', 'sh check.sh', ...idle], { PP_COMMAND: 'true' })
  t.is(JSON.parse(stuck.stdout).mend, 'ask another provider: --provider search or openai or dummy')
})

test('a sandbox: --sandbox takes it and help lists it by its strength', async (t) => {
  const { pp, session } = t.context
  t.is(JSON.parse(session.stdout).sandbox, 'dummy')
  const replayed = await pp([
    'replay',
    JSON.parse(session.stdout).session,
    '--sandbox',
    'dummy',
    '--network',
    'allow',
    '--json',
  ])
  t.like(JSON.parse(replayed.stdout), { verdict: 'REPRODUCED' }, replayed.stderr)
  const help = (await pp(['run', '--help'])).stdout.replace(/\s+/g, ' ')
  t.true(help.includes('--sandbox=auto|container|bubblewrap|unshare|dummy|none'), help)
})

test('a signature mode: --sign signs and verify checks, and so does attest where git config names it', async (t) => {
  const { pp, repo, key, session } = t.context
  t.like(JSON.parse(session.stdout).attestation, { mode: 'dummy', role: 'prover' })
  // The other tests, which run at the same time, leave newer sessions.
  const proof = JSON.parse(session.stdout).session
  const verify = async (...args: string[]) => JSON.parse((await pp(['verify', proof, ...args, '--json'])).stdout)
  const trusted = { verdict: 'PROVED', signatures: [{ mode: 'dummy' }] }
  t.like(await verify('--key', `${key}.pub`, '--mode', 'dummy'), trusted)
  t.like(await verify('--key', `${key}.pub`), trusted)
  t.like(await verify('--trust', `${key}.pub`), trusted)
  const other = path.join(repo.home, 'other')
  await newKey(other)
  t.like(await verify('--key', `${other}.pub`), { verdict: 'UNTRUSTED' })
  await repo.git('config', 'pp.attestation.mode', 'dummy')
  t.regex((await pp(['attest', proof, '--key', key])).stdout, /checked and signed \(dummy, key [0-9a-f]{8}/)
  t.regex((await pp(['show', proof])).stdout, /prover, dummy key [0-9a-f]{64}/)
  t.regex((await pp(['verify', '--help'])).stdout.replace(/\s+/g, ' '), new RegExp(`${KEY_MODES.join(', ')} or dummy`))
})

test('the library, to which no file was added, says of the same mode that it cannot check it', async (t) => {
  const { top, repo } = t.context
  const { verify } = await import(path.join(top, 'dist', 'verify', 'index.js'))
  const proof = JSON.parse(t.context.session.stdout).final
  const text = await fs.readFile(`${t.context.key}.pub`, 'utf8')
  const [found] = await verify({ dir: repo.dir, proof, trust: { keys: [{ text, mode: 'dummy' }] } })
  t.is(found.verdict, 'INCONCLUSIVE')
  t.regex(found.reason, /cannot check whether key 1 signed by dummy; use git pp verify/)
})

test('a runner: it alone reads what the command prints', (t) => {
  const { failures, flipped } = JSON.parse(t.context.session.stdout)
  t.like(failures, [{ id: 'checks.dummy › adds' }])
  t.deepEqual(flipped, ['checks.dummy › adds'])
})

test('a tracer: it alone knows which line runs when the command fails', (t) => {
  t.deepEqual(JSON.parse(t.context.session.stdout).suspects, ['calc.dummy:2'])
})

test('a language: of its files the functions that ran are shown, and no line more', async (t) => {
  const { artifacts } = JSON.parse(t.context.session.stdout)
  const shown = await fs.readFile(path.join(artifacts, 'attempts', '1', 'context.txt'), 'utf8')
  t.true(shown.includes(' 1| def add(a, b):\n>2|     return a - b\n..| 660 lines not shown\n'), shown)
})
