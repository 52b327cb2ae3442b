import { createPrivateKey, createPublicKey } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { encodeEnvelope, messageOf } from '../../src/engine/core/attest/dsse.ts'
import { statementOf } from '../../src/engine/core/attest/statement.ts'
import { encodeLine, seal } from '../../src/engine/core/bundle.ts'
import { bytesOf, canonical, sha256 } from '../../src/engine/core/canonical.ts'
import { mergePolicy } from '../../src/engine/core/policy/merge.ts'
import { parsePolicy } from '../../src/engine/core/policy/parse.ts'
import { writeJson } from '../../src/engine/core/record.ts'
import { reproOf } from '../../src/engine/flows/find.ts'
import { NOTES, trailer } from '../../src/engine/flows/refs.ts'
import { verify } from '../../src/engine/index.ts'
import type { Caller, VerifyOptions } from '../../src/engine/model/options.ts'
import type { Bundle, Repro } from '../../src/engine/model/proof.ts'
import type { Role, Statement } from '../../src/engine/model/statement.ts'
import ed25519 from '../../src/engine/signers/ed25519.ts'
import { type Files, type TestRepo, tempRepo } from './repo.ts'

/** A proof as an honest session leaves it, made without running anything; every part can be bent before it is written. */
export interface Proof {
  readonly repo: TestRepo
  readonly base: string
  readonly commit: string
  readonly bundle: Bundle
  readonly repro: Repro
  /** Puts a line on a commit's note. */
  put(kind: keyof typeof NOTES, line: string, commit?: string): Promise<void>
  /** The statement of this proof, and a line with a signature of `seed`. */
  statement(role?: Role, commit?: string): Statement
  sign(statement: Statement, seed?: string): Promise<string>
  verify(options?: Partial<VerifyOptions>): Promise<Awaited<ReturnType<typeof verify>>>
}

export const ALICE = 'a1'.repeat(32)
export const BOB = 'b0'.repeat(32)
export const SESSION = '01k0000000000000000000000a'
const BUGGY: Files = { 'add.sh': 'echo $(($1 - $2))\n', 'test.sh': '[ "$(sh add.sh 2 3)" = 5 ]\n' }
const FIXED = 'echo $(($1 + $2))\n'
const COMMAND = 'sh test.sh'

/** What a test bends. `record` sees the files of the bundle before they are sealed. */
export interface Bend {
  readonly files?: Files
  readonly change?: Files
  readonly kind?: 'run' | 'prove'
  readonly pairs?: number
  readonly repro?: Partial<Repro>
  readonly record?: (files: Map<string, Uint8Array>) => void
  /** Lines that are not written: 'bundles', 'index'. */
  readonly without?: readonly (keyof typeof NOTES)[]
}

export async function tempProof(t: ExecutionContext, bend: Bend = {}): Promise<Proof> {
  const repo = await tempRepo(t, { ...BUGGY, ...bend.files })
  const id = (rev: string) => repo.git('rev-parse', rev)
  const base = await id('HEAD')
  for (const [path, text] of Object.entries(bend.change ?? { 'add.sh': FIXED })) await repo.write(path, text)
  await repo.git('add', '-A')
  const tree = await repo.git('write-tree')
  const kind = bend.kind ?? 'run'
  const proved = kind === 'prove' ? await repo.git('commit-tree', tree, '-p', base, '-m', 'Mend add') : null
  const baseTree = await id('HEAD^{tree}')
  const facts = { base, baseTree, tree, proved, kind, pairs: bend.pairs ?? 3 }
  const record = await recordOf(repo, facts, bend)
  bend.record?.(record)
  const bundle = seal(record)
  const message = `Make add pass\n\n${trailer(SESSION, bundle.digest)}\n`
  const commit = proved ?? (await repo.git('commit-tree', tree, '-p', base, '-m', message))
  await repo.git('reset', '-q', '--hard', commit)
  const repro = reproOf(bundle)
  const proof = opened(repo, { base, commit, bundle, repro })
  const lines = { bundles: encodeLine(bundle), index: await indexLine(repo, facts, bundle) } as const
  for (const name of ['bundles', 'index'] as const)
    if (!bend.without?.includes(name)) await proof.put(name, lines[name])
  return proof
}

function opened(repo: TestRepo, about: Pick<Proof, 'base' | 'commit' | 'bundle' | 'repro'>): Proof {
  const { bundle, repro, commit } = about
  return {
    repo,
    ...about,
    put: (kind, line, on = commit) => addLine(repo, NOTES[kind], on, line),
    statement: (role = 'prover', on = commit) => statementOf(bundle, repro, on, role),
    async sign(statement, seed = ALICE) {
      const key = { text: seed, origin: 'test', file: null }
      const signer = await ed25519.signer(key, { env: {}, scratch: '/nonexistent' })
      return encodeEnvelope(statement, { keyid: signer.keyid, bytes: await signer.sign(messageOf(statement)) })
    },
    verify: (options = {}) => verify(callerOf(repo), { ...DEFAULTS, proofs: [commit], ...options }),
  }
}

export const DEFAULTS: VerifyOptions = {
  proofs: [],
  key: [],
  trust: [],
  threshold: 1,
  allowUnsigned: false,
  allowWeak: false,
  exact: false,
  require: 'all',
}

export function callerOf(repo: TestRepo): Caller {
  const { signal } = new AbortController()
  return {
    cwd: repo.dir,
    env: repo.env,
    home: repo.home,
    uid: 0,
    gid: 0,
    version: '0.0.0',
    node: process.execPath,
    signal,
  }
}

/** A file outside the work tree that holds the public key of a seed, SPKI PEM. */
export async function publicKey(repo: TestRepo, seed = ALICE): Promise<string> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed, 'hex')])
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  const file = join(repo.home, `${seed.slice(0, 4)}.pub`)
  await fs.writeFile(file, String(key.export({ format: 'pem', type: 'spki' })))
  return file
}

/** Plain git, so that a test can write what the tool never would. */
export async function addLine(repo: TestRepo, ref: string, commit: string, line: string | Uint8Array): Promise<void> {
  const old = await repo.git('notes', '--ref', ref, 'show', commit).catch(() => '')
  const text = Buffer.concat([Buffer.from(old === '' ? '' : `${old}\n`), Buffer.from(line), Buffer.from('\n')])
  const blob = await repo.gitWith(text, 'hash-object', '-w', '--stdin')
  await repo.git('notes', '--ref', ref, 'add', '-f', '-C', blob, commit)
}

interface Facts {
  readonly base: string
  readonly baseTree: string
  readonly tree: string
  readonly proved: string | null
  readonly kind: 'run' | 'prove'
  readonly pairs: number
}

async function recordOf(repo: TestRepo, facts: Facts, bend: Bend): Promise<Map<string, Uint8Array>> {
  const record = new Map<string, Uint8Array>()
  const { baseTree, tree, pairs } = facts
  const red = (folder: string) => writeJson(record, `${folder}/command/evidence.json`, evidence(baseTree, 'red'))
  const green = (folder: string) => writeJson(record, `${folder}/command/evidence.json`, evidence(tree, 'green'))
  red('attempts/0_baseline')
  green('attempts/1')
  for (let k = 1; k <= pairs; k++) {
    red(`verification/${k}_red`)
    green(`verification/${k}_green`)
  }
  record.set('attempts/1/command/stdout', bytesOf('what it printed\n'))
  writeJson(record, 'policy.json', policyOf(bend, await policyBlob(repo), facts.base))
  writeJson(record, 'environment.json', ENVIRONMENT)
  record.set('final.patch', bytesOf(`${await repo.git('-c', 'core.quotePath=false', ...PATCH, baseTree, tree)}\n`))
  writeJson(record, 'repro.json', { ...reproFor(facts), ...bend.repro })
  return record
}

const PATCH = [
  'diff-tree',
  '-r',
  '-p',
  '--full-index',
  '--binary',
  '--no-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]
const ENFORCES = {
  network: true,
  filesystem: true,
  home: true,
  processes: true,
  atCheckoutPath: true,
  judgesReadOnly: true,
}
const ENVIRONMENT = {
  os: 'linux',
  network: 'deny',
  sandbox: { kind: 'bubblewrap', version: 'bubblewrap 0.8.0', enforces: ENFORCES },
}
const STARTED = '2024-01-02T03:04:05.000Z'

async function policyBlob(repo: TestRepo): Promise<string | null> {
  return repo.git('rev-parse', '--verify', '--quiet', 'HEAD:pp.yaml').catch(() => null)
}

/** The policy as a session merges it: of the base's pp.yaml where it has one. */
function policyOf({ files }: Bend, blob: string | null, commit: string): unknown {
  const text = files?.['pp.yaml']
  if (typeof text !== 'string') return mergePolicy([], { limits: 'written' })
  const parsed = parsePolicy(text, { file: 'pp.yaml', format: 'yaml' })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const file = { path: 'pp.yaml', commit, blob }
  return mergePolicy([{ from: 'file', values: parsed.value, root: '', file, lines: parsed.lines }], {
    limits: 'written',
  })
}

function evidence(tree: string, is: 'red' | 'green'): unknown {
  const stream = { bytes: 0, sha256: sha256(''), truncated: false, redactions: 0 }
  return {
    target: 'command',
    on: is,
    tree,
    ended: { how: 'exited', code: is === 'red' ? 1 : 0 },
    reading: is === 'red' ? { is, reason: 'exited 1', failing: [] } : { is },
    startedAt: STARTED,
    durationMs: 5,
    stdout: stream,
    stderr: stream,
    tests: null,
    judgesTouched: [],
  }
}

function reproFor({ base, baseTree, tree, proved, kind, pairs }: Facts): Repro {
  const command = { shell: COMMAND }
  const attempt = { n: 1, commit: null, verdict: 'PROVED', reason: 'green', proposer: 'stub' }
  return {
    v: 1,
    tool: { name: 'git-pp', version: '0.0.0' },
    session: SESSION,
    kind,
    verdict: 'PROVED',
    reason: 'red without the patch, green with it',
    targets: [{ name: 'command', command, cwd: '' }],
    base: { commit: base, tree: baseTree, snapshot: false },
    redTree: baseTree,
    finalTree: tree,
    proved,
    judges: 'base',
    judgesChanged: [],
    counts: { reds: pairs + 2, greens: pairs + 1 },
    reds: [{ target: 'command', failing: [], headline: '', ended: 'exited 1' }],
    flipped: [],
    tests: [],
    same: null,
    notShown: [],
    mend: null,
    attempts: [{ ...attempt, files: 1, insertions: 1, deletions: 1, refusals: [] }],
    runs: [],
    failures: [],
    suspects: [],
    sandbox: 'bubblewrap',
    warnings: [],
    expect: null,
    minimal: 'not asked',
    author: 'A U Thor <author@example.com>',
    startedAt: STARTED,
    finishedAt: STARTED,
  }
}

async function indexLine(repo: TestRepo, { baseTree, tree }: Facts, bundle: Bundle): Promise<string> {
  const patch = `${await repo.git(...PATCH, baseTree, tree)}\n`
  const patchId = (await repo.gitWith(patch, 'patch-id', '--stable')).split(' ')[0] ?? null
  const trees = { baseTree, finalTree: tree }
  return canonical({ v: 1, session: SESSION, verdict: 'PROVED', ...trees, patchId, manifest: bundle.digest })
}
