import { createPrivateKey, createPublicKey } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { encodeEnvelope, signedMessageOf } from '../../src/engine/core/attest/dsse.ts'
import { statementOf } from '../../src/engine/core/attest/statement.ts'
import { encodeBundleLine, sealBundle } from '../../src/engine/core/bundle/bundle.ts'
import { NOTES, trailer } from '../../src/engine/flows/refs/session-refs.ts'
import { reproOf } from '../../src/engine/flows/store/find-proof.ts'
import type { VerifyOptions } from '../../src/engine/model/options.ts'
import type { Bundle, Repro } from '../../src/engine/model/proof.ts'
import type { SignerRole, Statement } from '../../src/engine/model/statement.ts'
import type { Verification } from '../../src/engine/model/verification.ts'
import ed25519 from '../../src/engine/signers/ed25519.ts'
import { verifyBoth } from './both.ts'
import { indexLine, recordOf, SESSION } from './proof-record.ts'
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
  statement(role?: SignerRole, commit?: string): Statement
  sign(statement: Statement, seed?: string): Promise<string>
  /** By the command and by the portable verifier, which have to say the same. */
  verify(options?: Partial<VerifyOptions>): Promise<Verification[]>
}

export const ALICE = 'a1'.repeat(32)
export const BOB = 'b0'.repeat(32)
const BUGGY: Files = { 'add.sh': 'echo $(($1 - $2))\n', 'test.sh': '[ "$(sh add.sh 2 3)" = 5 ]\n' }
const FIXED = 'echo $(($1 + $2))\n'

/** What a test bends. `record` sees the files of the bundle before they are sealed. */
export interface Bend {
  readonly files?: Files
  readonly change?: Files
  readonly kind?: 'run' | 'prove'
  readonly pairs?: number
  /** A record of version 2. */
  readonly older?: boolean
  /** A STABILIZED proof: in turn, whether a run without the change failed; none failed with it. */
  readonly failed?: readonly boolean[] | null
  /** A PRESERVED proof: nothing failed without the change either. */
  readonly preserved?: boolean
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
  const facts = {
    base,
    baseTree,
    tree,
    proved,
    kind,
    pairs: bend.pairs ?? 3,
    failed: bend.failed ?? null,
    older: bend.older ?? false,
    preserved: bend.preserved ?? false,
  }
  const record = await recordOf(repo, facts, bend)
  bend.record?.(record)
  const sealed = sealBundle(record)
  const bundle = bend.older ? { ...sealed, v: 2 as const } : sealed
  const message = `Make add pass\n\n${trailer(SESSION, bundle.digest)}\n`
  const commit = proved ?? (await repo.git('commit-tree', tree, '-p', base, '-m', message))
  await repo.git('reset', '-q', '--hard', commit)
  const repro = reproOf(bundle)
  const proof = opened(repo, { base, commit, bundle, repro })
  const lines = { bundles: encodeBundleLine(bundle), index: await indexLine(repo, facts, bundle) } as const
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
      return encodeEnvelope(statement, { keyid: signer.keyid, bytes: await signer.sign(signedMessageOf(statement)) })
    },
    verify: (options = {}) => verifyBoth(repo, { ...DEFAULTS, proofs: [commit], ...options }),
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
