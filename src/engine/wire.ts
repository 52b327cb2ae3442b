import { join, relative, resolve } from 'node:path'
import { checked } from './core/bundle.ts'
import { recordedHistory } from './core/past.ts'
import { loosenings } from './core/policy/floor.ts'
import { promptText } from './core/prompt/messages.ts'
import { recordedIncludes } from './core/recorded-includes.ts'
import { RUN_MARK } from './core/run-mark.ts'
import { flakyLine } from './core/trials.ts'
import { treeSitter } from './evidence/syntax/tree-sitter.ts'
import { tracers } from './evidence/tracers/index.generated.ts'
import { attestSession, isAbout } from './flows/attest.ts'
import { reproOf } from './flows/find.ts'
import { keepBundle } from './flows/keep-bundle.ts'
import { logFlow } from './flows/log.ts'
import { proveFlow } from './flows/prove.ts'
import { pruneFlow } from './flows/prune.ts'
import { fetchedFrom, notesRef } from './flows/refs.ts'
import { mendOf, replayFlow } from './flows/replay.ts'
import { promptFlow, runFlow } from './flows/run.ts'
import type { Sealed } from './flows/seal.ts'
import type { Base, Session } from './flows/session.ts'
import { PpError } from './model/error.ts'
import type { Oid } from './model/oid.ts'
import type {
  AttestOptions,
  Caller,
  LogEntry,
  ProofView,
  ProveOptions,
  RunOptions,
  SessionOptions,
  Sweep,
  VerifyOptions,
} from './model/options.ts'
import type { ReplayResult, SessionResult } from './model/session.ts'
import type { Verification } from './model/verification.ts'
import type { Reporter } from './ports/reporter.ts'
import { findProgram } from './sandboxes/lib/tools.ts'
import { ignoreArtifacts, openBundleDir, writeBundleDir } from './state/bundle-dir.ts'
import { isMade, rememberMade } from './state/made.ts'
import { findChanges, mistaken, readWords } from './wire/change.ts'
import { type Ground, onGround, sweepDead } from './wire/ground.ts'
import { hiddenOf } from './wire/guard.ts'
import { type KeyPair, makeKeyPair } from './wire/keygen.ts'
import { readForeignPolicy, readPolicy, refuseFlaky } from './wire/policy.ts'
import { envelopesOf, locate, viewed } from './wire/proofs.ts'
import { openProposers, proposerConfig } from './wire/proposers.ts'
import { inSession, type Opening, targetsOf } from './wire/session.ts'
import { openSigning, withoutKey } from './wire/signing.ts'
import { startOf } from './wire/start.ts'
import { unheeded } from './wire/unheeded.ts'
import { isOfAll, oneOfMany } from './wire/untried.ts'
import { attestProof, type Endorsed, verifiedProof, verifyAll } from './wire/verify.ts'

export { apply, fetchProofs, forget, push } from './wire/carry.ts'
export { doctor } from './wire/doctor.ts'
export { init } from './wire/init.ts'
export { report } from './wire/report.ts'

/** Base red, attempts, proof. */
export function run(caller: Caller, options: RunOptions, reporter: Reporter): Promise<SessionResult> {
  return onGround(caller, async (ground) => {
    const { opening, tools } = await prepareRun(caller, ground, options)
    return signedSession(caller, ground, opening, reporter, (session) => runFlow(session, tools))
  })
}

/** The text a model would get for the first attempt; sends nothing, and needs no key. */
export function showPrompt(caller: Caller, options: RunOptions, reporter: Reporter): Promise<string> {
  return onGround(caller, async (ground) => {
    const { opening, tools } = await prepareRun(caller, ground, { ...options, provider: ['search'] })
    return inSession(caller, ground, opening, reporter, async (session) => {
      const { context, command, end } = await promptFlow(session, tools)
      if (end) throw new PpError('USAGE', `there is nothing to ask: ${end.reason}`)
      return promptText({ command, context, earlier: [] }).replace(/\n$/, '')
    })
  })
}

/** Everything that can be wrong with a `run` before anything ran: base, policy, command, providers, in this order. */
async function prepareRun(caller: Caller, ground: Ground, options: RunOptions) {
  const { base, policy, warnings: said } = await startOf(caller, ground, options)
  const warnings = [...said, ...(await unheeded(ground.repository, base.tree, null, policy))]
  const targets = targetsOf(policy, options.command, options, ground.repository.place.prefix)
  const proposers = await openProposers({
    kinds: policy.provider,
    named: options.provider,
    // What a killed command leaves lies in its own directory and bears its mark, so that the next one finds it.
    env: { ...withoutKey(caller.env, policy), TMPDIR: ground.scratch, [RUN_MARK]: ground.id },
    config: await proposerConfig(ground),
    flags: options.model === undefined ? {} : { model: options.model },
  })
  const opening: Opening = { kind: 'run', words: ['run'], base, policy, targets, options, alsoTree: null, warnings }
  return { opening, tools: { proposers, hidden: hiddenOf(policy), syntax: treeSitter(), tracers } }
}

/** A path of the tree as it is typed where the user stands. */
function fromPrefix({ prefix }: { readonly prefix: string }, path: string): string {
  return relative(`/${prefix}`, `/${path}`)
}

/** A base that no branch holds is held by a ref of ours. */
async function keepBase(ground: Ground, base: Base): Promise<void> {
  if (base.snapshot) await ground.refs.update([{ ref: `refs/pp/${ground.id}/base`, to: base.commit, from: null }])
}

/** Proves a change that exists; one result per change (`each`: several). */
export async function prove(caller: Caller, options: ProveOptions, reporter: Reporter): Promise<SessionResult[]> {
  const found = await onGround(caller, async (ground) => {
    const asked = await readWords(ground.repository, options)
    const isProgram = (name: string) => findProgram(name, caller.env['PATH'], caller.cwd) !== null
    const doubts = await mistaken(ground, options, asked, isProgram)
    return { id: ground.id, asked, doubts, changes: await findChanges(ground, asked, options) }
  })
  const results: SessionResult[] = []
  const faults: unknown[] = []
  for (const { base, existing, warnings: said } of found.changes) {
    const tried = async (ground: Ground): Promise<SessionResult> => {
      const policy = await readPolicy(caller, ground.repository, base, options, 'written')
      if (options.flaky === true) refuseFlaky(policy)
      const chosen = targetsOf(policy, found.asked.command, options, ground.repository.place.prefix)
      const warnings = [
        ...found.doubts,
        ...said,
        ...(await unheeded(ground.repository, base.tree, existing.tree, policy)),
      ]
      const { argv, typed } = options
      const before = wordsOf(options, found.asked.change, existing.commit)
      const named =
        options.each && existing.commit ? [existing.commit.slice(0, 12), ...options.words.slice(1)] : options.words
      const asked = { ...options, flakyLine: flakyLine({ options: typed?.options ?? [], words: named, argv }) }
      const starting = { base, policy, targets: chosen, options: asked, words: before, warnings }
      const opening = { kind: 'prove' as const, ...starting, alsoTree: existing.tree }
      return signedSession(caller, ground, opening, reporter, (session) => proveFlow(session, existing))
    }
    const one = options.each ? existing.commit : null
    results.push(
      await (one === null ? onGround(caller, tried) : oneOfMany(caller, { ...found, commit: one, faults }, tried)),
    )
    if (caller.signal.aborted) break
  }
  if (faults.length === results.length && isOfAll(faults)) throw faults[0]
  return results
}

/** How the user would name one of the changes to prove. */
function wordsOf({ each, patch }: ProveOptions, change: string | null, commit: Oid | null): readonly string[] {
  if (patch !== null) return ['prove', '--patch', 'FILE']
  const word = each ? (commit?.slice(0, 12) ?? change) : change
  return ['prove', ...(word === null ? [] : [word])]
}

/** Runs a proof again. `proof`: a commit, a session prefix, a bundle directory, or null for the newest. `verify`: only what holds is run. */
export function replay(
  caller: Caller,
  options: Pick<SessionOptions, 'sandbox' | 'network' | 'history' | 'include' | 'env'> & {
    readonly proof: string | null
    readonly verify?: VerifyOptions
  },
  reporter: Reporter,
): Promise<ReplayResult | Verification> {
  return onGround(caller, async (ground) => {
    const checked = options.verify ? await verifiedProof(caller, ground, options.verify) : null
    if (checked && !checked.proof) return checked.found
    const found = checked?.proof ?? (await locate(caller, ground, options.proof))
    const { repro, bundle } = found
    const { proof: _proof, verify: _verify, ...flags } = options
    const foreign = !(await isMade(ground.state, bundle.digest))
    // Ours is run with the past that it was run with, and may write the judges that it might; a stranger's neither, unless typed.
    const history = foreign ? null : recordedHistory(bundle.files)
    const allow = foreign ? [] : (repro.allowed ?? []).map(({ path }) => fromPrefix(ground.repository.place, path))
    const typed: SessionOptions = { ...(history && { history }), allow, ...flags, keepWorktrees: false }
    const policy = foreign
      ? await readForeignPolicy(caller, ground.repository, repro.base, typed)
      : await readPolicy(caller, ground.repository, repro.base, typed, 'written')
    const base: Base = { ...repro.base }
    const starting = { base, policy, targets: repro.targets, options: typed, words: ['replay'], warnings: [] }
    const opening = { kind: 'replay' as const, ...starting, alsoTree: null, foreign }
    const loosened = loosenings(flags)
    return inSession(caller, ground, opening, reporter, async (session) => {
      const result = await replayFlow(session, found)
      const lacking = recordedIncludes(bundle.files).filter(
        (path) => !session.includes.some((one) => one.path === path),
      )
      const word = options.proof ?? repro.session
      const mend = result.verdict === 'REPRODUCED' ? null : mendOf(result, lacking, word, session.place.prefix)
      return { ...result, mend, foreign, loosened }
    })
  })
}

export function show(caller: Caller, proof: string | null): Promise<ProofView> {
  return onGround(caller, async (ground) => viewed(caller, ground, proof))
}

export function log(caller: Caller, options: { limit: number | null }): Promise<LogEntry[]> {
  return onGround(caller, ({ shelf }) => logFlow(shelf, options.limit))
}

/** The remotes whose proofs were fetched, also those that had none. */
export function fetchedRemotes(caller: Caller): Promise<readonly string[]> {
  return onGround(caller, ({ refs }) => fetchedFrom(refs))
}

/** Writes the bundle as a directory; answers the directory. */
export function exportBundle(caller: Caller, proof: string | null, dir: string | null): Promise<string> {
  return onGround(caller, async (ground) => {
    const found = await locate(caller, ground, proof)
    const artifacts = join(ground.repository.place.top, '.pp-artifacts')
    if (dir === null) await ignoreArtifacts(artifacts)
    const target = dir === null ? join(artifacts, found.repro.session, 'proof_bundle') : resolve(caller.cwd, dir)
    await writeBundleDir(target, found.bundle, await envelopesOf(caller, ground, found, proof))
    return target
  })
}

/** Reads a bundle directory back into notes; answers the session and the commit it hangs on. */
export function importBundle(caller: Caller, dir: string): Promise<{ session: string; commit: string }> {
  return onGround(caller, async ({ repository, refs }) => {
    const { history, notes, objects, patches } = repository
    const keeper = { history, notes, objects, patches, refs, now: () => new Date() }
    const opened = await openBundleDir(resolve(caller.cwd, dir))
    const bundle = checked(opened)
    const kept = await keepBundle(keeper, bundle)
    const local = reproOf(bundle).base.snapshot
    for (const line of opened.attestations.filter((one) => isAbout(one, kept.session)))
      await notes.append(notesRef('attestations', local), kept.commit, line)
    return kept
  })
}

export function gc(
  caller: Caller,
  options: { olderThanMs: number | null; all: boolean; dryRun: boolean },
): Promise<Sweep> {
  return onGround(caller, async (ground) => {
    const { olderThanMs, all, dryRun } = options
    const left = await sweepDead(caller, ground, { dryRun, kept: true })
    const olderThan = olderThanMs === null ? null : new Date(Date.now() - olderThanMs)
    const pruned = await pruneFlow(ground.shelf, { olderThan, all, dryRun, living: left.living })
    return { removed: [...left.removed, ...pruned], dryRun }
  })
}

/** Judges proofs without running anything of the repository. */
export function verify(caller: Caller, options: VerifyOptions): Promise<Verification[]> {
  return onGround(caller, async (ground) => (await verifyAll(caller, ground, options)).map(({ found }) => found))
}

/** Signs a proof that somebody else, or an earlier session, made. */
export function attest(caller: Caller, options: AttestOptions): Promise<Endorsed> {
  return onGround(caller, (ground) => attestProof(caller, ground, options))
}

/** A new pair of keys, outside of any work tree. */
export function keygen(caller: Caller, file: string): Promise<KeyPair> {
  return makeKeyPair(caller, file)
}

/** A session whose proof is signed, where that was asked for: by this process, when no child of the session is left. */
async function signedSession(
  caller: Caller,
  ground: Ground,
  opening: Opening,
  reporter: Reporter,
  flow: (session: Session) => Promise<Sealed>,
): Promise<SessionResult> {
  const { signer, warning } = await openSigning(caller, ground, opening.policy, opening.options)
  await keepBase(ground, opening.base)
  const sealed = await inSession(caller, ground, opening, reporter, (session) => {
    if (warning !== null) session.warnings.push(warning)
    return flow(session)
  })
  await rememberMade(ground.state, sealed.bundle.digest)
  return signer ? attestSession(ground.repository.notes, sealed, signer) : sealed.result
}
