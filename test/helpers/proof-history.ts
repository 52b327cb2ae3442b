import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { encodeEnvelope, openEnvelope, signedMessageOf } from '../../src/engine/core/attest/dsse.ts'
import { statementOf } from '../../src/engine/core/attest/statement.ts'
import { decodeBundleLine, encodeBundleLine, sealBundle } from '../../src/engine/core/bundle/bundle.ts'
import { canonicalJson, strictUtf8, utf8Bytes } from '../../src/engine/core/bytes/canonical.ts'
import { ulid } from '../../src/engine/core/bytes/ulid.ts'
import { NOTES, refsOf, remoteNotesRef } from '../../src/engine/flows/refs/session-refs.ts'
import { proofOf, reproOf } from '../../src/engine/flows/store/find-proof.ts'
import { IndexLine, indexVersion } from '../../src/engine/model/proof.ts'

type Git = (args: readonly string[], input?: string) => string

/** A repository under measurement. `key`: files of the pair that signed every proof; the public one ends in `.pub`. */
export interface ProofHistory {
  readonly dir: string
  readonly key: string
  readonly env: Readonly<Record<string, string>>
  /** Runs git pp there; stdout. */
  readonly pp: (...args: string[]) => string
}

/** One commit of a straight history and the tree it has. */
interface Step {
  readonly commit: string
  readonly tree: string
}

const KINDS = ['bundles', 'attestations', 'index', 'summary'] as const

/**
 * A straight history of `count` commits, each proved and signed, all but the first as if by sessions of their own: one real
 * session proves the first, and its record is written again for every later commit with that commit's ids, words and
 * signature, so that each of them verifies. A remote `origin` holds everything, and is known to.
 */
export function layHistory(history: ProofHistory, count: number): void {
  const { git, steps, patchIds, sample } = withFirstProof(history, count)
  fastImport(history, (write) => {
    // Goes on where the real session ended; fast-import starts a ref anew without this.
    for (const kind of KINDS) write(`reset ${NOTES[kind]}\nfrom ${NOTES[kind]}^0\n\n`)
    for (let n = 2; n <= count; n++) write(notesOf([rewritten(sample, steps, n, sessionOf(n), patchIds)]))
  })
  const lines = steps.slice(2).map(({ commit }, at) => `create ${refsOf(sessionOf(at + 2)).final} ${commit}\n`)
  git(['update-ref', '--stdin'], lines.join(''))
  git(['gc', '-q'])
  withOrigin(history, git)
}

/** One commit on a first one, with `count` proofs, each signed and as if by a session of its own. */
export function layRepeated(history: ProofHistory, count: number): void {
  const { git, steps, patchIds, sample } = withFirstProof(history, 1)
  const sessions = Array.from({ length: count - 1 }, (_, at) => sessionOf(at + 2))
  const repeated = sessions.map((session) => rewritten(sample, steps, 1, session, patchIds))
  fastImport(history, (write) => {
    for (const kind of KINDS) write(`reset ${NOTES[kind]}\nfrom ${NOTES[kind]}^0\n\n`)
    write(notesOf([sample.own, ...repeated]))
  })
  const lines = repeated.map(({ commit }, at) => `create ${refsOf(sessions[at] ?? '').final} ${commit}\n`)
  git(['update-ref', '--stdin'], lines.join(''))
}

function withFirstProof(history: ProofHistory, count: number) {
  const git = gitIn(history)
  git(['init', '-q', '-b', 'main'])
  fastImport(history, (write) => {
    for (let n = 0; n <= count; n++) write(commitOf(n))
  })
  git(['reset', '-q', '--hard', 'main'])
  const steps = git(['log', '--reverse', '--format=%H %T', 'main']).split('\n').map(stepOf)
  const patchIds = patchIdsOf(git)
  return { git, steps, patchIds, sample: proveFirst(history, git, steps) }
}

/** A commit on top of the history, proved by a real session; its session. */
export function proveNext({ dir, env, pp, key }: ProofHistory, n: number): string {
  const git = gitIn({ dir, env })
  writeFileSync(join(dir, 'state.txt'), stateOf(n))
  git(['commit', '-q', '-a', '-m', `Reach ${wordOf(n)}`])
  const answer = pp('prove', 'HEAD', commandOf(n), '--sign', 'ed25519', '--key', key, '--json')
  return (JSON.parse(answer) as { session: string }).session
}

function withOrigin({ dir }: ProofHistory, git: Git): void {
  git(['clone', '-q', '--mirror', dir, `${dir}.git`])
  git(['remote', 'add', 'origin', `${dir}.git`])
  for (const kind of KINDS.slice(0, 3)) git(['update-ref', remoteNotesRef('origin', kind), NOTES[kind]])
}

const wordOf = (n: number) => `state-${String(n).padStart(6, '0')}`
const stateOf = (n: number) => `${wordOf(n)}\n`
const commandOf = (n: number) => `grep -qx ${wordOf(n)} state.txt`

/** Sessions at the pace of one a second, in the order of the commits. */
function sessionOf(n: number): string {
  const chance = createHash('sha256').update(`session ${n}`).digest()
  return ulid(new Date(Date.UTC(2024, 0, 1) + n * 1000), chance)
}

function commitOf(n: number): string {
  const [message, state] = [`Reach ${wordOf(n)}\n`, stateOf(n)]
  const who = `A U Thor <author@example.com> ${1_704_067_200 + n} +0000`
  return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(message)}M 100644 inline state.txt\n${data(state)}\n`
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`

function stepOf(line: string): Step {
  const [commit = '', tree = ''] = line.split(' ')
  return { commit, tree }
}

function patchIdsOf(git: Git): ReadonlyMap<string, string> {
  const patches = git(['log', '-p', '--full-index', '--format=commit %H', 'main'])
  const pairs = git(['patch-id', '--stable'], `${patches}\n`).split('\n')
  return new Map(pairs.map((line) => line.split(' ').reverse() as [string, string]))
}

interface Sample {
  readonly own: Written
  readonly session: string
  readonly bundle: string
  readonly keyid: string
  readonly summary: string
  readonly sign: (message: Uint8Array) => Uint8Array
}

function proveFirst({ pp, key }: ProofHistory, git: Git, steps: readonly Step[]): Sample {
  const commit = steps[1]?.commit ?? ''
  pp('prove', commit, commandOf(1), '--sign', 'ed25519', '--key', key, '--json')
  const line = (kind: (typeof KINDS)[number]) => git(['notes', '--ref', NOTES[kind], 'show', commit])
  const pair = createPrivateKey(readFileSync(key, 'utf8'))
  const envelope = JSON.parse(line('attestations')) as { signatures: { keyid: string }[] }
  const lines = Object.fromEntries(KINDS.map((kind) => [kind, line(kind)])) as Written['lines']
  return {
    own: { commit, lines },
    session: proofOf(line('bundles')).repro.session,
    bundle: line('bundles'),
    keyid: envelope.signatures[0]?.keyid ?? '',
    summary: `${line('summary')}\n`,
    sign: (message) => sign(null, message, pair),
  }
}

interface Written {
  readonly commit: string
  readonly lines: Readonly<Record<(typeof KINDS)[number], string>>
}

/** The record of the sample as a session that proved step `n` would have written it. */
function rewritten(
  sample: Sample,
  steps: readonly Step[],
  n: number,
  session: string,
  patchIds: ReadonlyMap<string, string>,
): Written {
  const [from, to] = [steps[n - 1], steps[n]]
  const [was, is] = [steps[0], steps[1]]
  if (!from || !to || !was || !is) throw new Error(`there is no step ${n}`)
  const names = ({ commit, tree }: Step, at: number) => [commit, tree, blobOf(at), wordOf(at)]
  const old = [...names(was, 0), ...names(is, 1), sample.session]
  const young = [...names(from, n - 1), ...names(to, n), session]
  const words = new Map(old.map((word, at) => [word, young[at] ?? '']))
  const pattern = new RegExp(old.join('|'), 'g')
  const again = (text: string) => text.replace(pattern, (word) => words.get(word) ?? word)
  const files = [...decodeBundleLine(sample.bundle).files].map(
    ([path, bytes]) => [path, utf8Bytes(again(strictUtf8(bytes) ?? ''))] as const,
  )
  const bundle = sealBundle(new Map(files))
  const statement = statementOf(bundle, reproOf(bundle), to.commit, 'prover')
  const signature = { keyid: sample.keyid, bytes: sample.sign(signedMessageOf(statement)) }
  const index = IndexLine.parse({
    v: indexVersion('PROVED'),
    session,
    verdict: 'PROVED',
    baseTree: from.tree,
    finalTree: to.tree,
    patchId: patchIds.get(to.commit) ?? null,
    manifest: bundle.digest,
  })
  const attestations = encodeEnvelope(statement, signature)
  if (openEnvelope(attestations).is !== 'statement') throw new Error('a statement that cannot be read was made')
  const [bundles, summary] = [encodeBundleLine(bundle), again(sample.summary)]
  return { commit: to.commit, lines: { bundles, attestations, index: canonicalJson(index), summary } }
}

function blobOf(n: number): string {
  const state = stateOf(n)
  return createHash('sha1').update(`blob ${state.length}\0${state}`).digest('hex')
}

/** The notes of one commit, one commit on each ref of notes. */
function notesOf(written: readonly Written[]): string {
  const commit = written[0]?.commit ?? ''
  const who = 'A U Thor <author@example.com> 1704067200 +0000'
  return KINDS.map((kind) => {
    const ref = NOTES[kind]
    const head = `commit ${ref}\ncommitter ${who}\n${data('Notes of git pp\n')}`
    return `${head}N inline ${commit}\n${data(written.map(({ lines }) => `${lines[kind].replace(/\n$/, '')}\n`).join(''))}\n`
  }).join('')
}

/** Everything is written to a file first, so that no pipe has to be waited for. */
function fastImport({ dir, env }: ProofHistory, fill: (write: (text: string) => void) => void): void {
  const stream = `${dir}.stream`
  const file = openSync(stream, 'w')
  fill((text) => void writeSync(file, text))
  closeSync(file)
  const input = openSync(stream, 'r')
  execFileSync('git', ['-C', dir, 'fast-import', '--quiet', '--force'], { env, stdio: [input, 'inherit', 'inherit'] })
  closeSync(input)
  rmSync(stream)
}

function gitIn({ dir, env }: Pick<ProofHistory, 'dir' | 'env'>): Git {
  return (args, input = '') =>
    execFileSync('git', ['-C', dir, ...args], { env, input, maxBuffer: 1 << 30, encoding: 'utf8' }).replace(/\n$/, '')
}
