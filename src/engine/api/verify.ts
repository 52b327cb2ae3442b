import { lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openEnvelope } from '../core/attest/index.ts'
import { FILES } from '../core/bundle-layout/index.ts'
import { attest as annotate } from '../flows/attest/index.ts'
import { PP_HEAD, refsOf } from '../flows/refs/index.ts'
import { type Found, newestOf, proofsOn, reproOf } from '../flows/store/index.ts'
import {
  cautioned,
  type Desk,
  gateOf,
  type Judged,
  type Rules,
  type Subject,
  subjectOf,
  type Terms,
  verifyBundle,
  verifyOne,
  verifySubject,
} from '../flows/verify/index.ts'
import { lastOf } from '../git/index.ts'
import { shellWord } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import { either, KEY_MODES } from '../model/kinds.ts'
import type { Oid } from '../model/oid.ts'
import type { AttestOptions, Caller, VerifyOptions } from '../model/options.ts'
import { SignMode } from '../model/policy-file.ts'
import { STATUS_OF_WORD, type Verification } from '../model/verification.ts'
import { inflate } from '../portable/index.ts'
import { type OpenedDir, openBundleDir } from '../state/index.ts'
import { clock, type Ground, onGround, openSigner, openTrust } from '../wiring/index.ts'

/** What a word of the command line stands for. */
type Named = Subject | { readonly is: 'directory'; readonly opened: OpenedDir; readonly dir: string }

/** Judges proofs without running anything of the repository. */
export function verify(caller: Caller, options: VerifyOptions): Promise<Verification[]> {
  return onGround(caller, async (ground) => (await verifyAll(caller, ground, options)).map(({ found }) => found))
}

/** Signs a proof that somebody else, or an earlier session, made. */
export function attest(caller: Caller, options: AttestOptions): Promise<Endorsed> {
  return onGround(caller, (ground) => attestProof(caller, ground, options))
}

/** Judges every proof that was named; runs nothing and fetches nothing. */
export async function verifyAll(caller: Caller, ground: Ground, options: VerifyOptions): Promise<Judged[]> {
  const { verifiers, cautions } = await openTrust(caller, ground, options)
  const desk = deskOf(ground, verifiers)
  const { policyFrom, require: required } = options
  const gate = policyFrom === undefined ? null : await gateOf(desk, policyFrom, ground.repository.place.prefix)
  const terms = { rules: rulesOf(options), required, gate }
  const results: Judged[] = []
  for (const word of options.proofs.length === 0 ? [null] : options.proofs) {
    const named = await namedBy(caller, ground, desk, word)
    results.push(
      ...(named.is === 'directory'
        ? [await verifyDirectory(ground, desk, named, terms)]
        : await verifySubject(desk, named, terms)),
    )
  }
  return cautioned(results, gate, cautions)
}

/** One proof for those who will act upon it: the very bundle that was judged, or null where it does not hold. */
export async function verifiedProof(
  caller: Caller,
  ground: Ground,
  options: VerifyOptions,
): Promise<{ readonly found: Verification; readonly proof: Found | null }> {
  const [judged, second] = await verifyAll(caller, ground, options)
  if (!judged || second) throw new PpError('USAGE', 'name one proof only: a commit or a session')
  const { found, bundle } = judged
  if (STATUS_OF_WORD[found.verdict] !== 0 || !bundle) return { found, proof: null }
  return { found, proof: { commit: found.commit, bundle, repro: reproOf(bundle), from: null } }
}

function deskOf({ repository, refs }: Ground, verifiers: Desk['verifiers']): Desk {
  const { history, rehashed, notes, patches, objects } = repository
  return { history, objects: rehashed, notes, refs, patches, inflate, patch: objects.patch, verifiers }
}

function rulesOf(options: VerifyOptions): Omit<Rules, 'gate'> {
  const { threshold, allowUnsigned, allowWeak, exact, maxAgeMs } = options
  return { now: clock.now(), trust: { threshold, allowUnsigned }, allowWeak, exact, maxAgeMs: maxAgeMs ?? null }
}

async function verifyDirectory(
  ground: Ground,
  desk: Desk,
  named: Extract<Named, { is: 'directory' }>,
  { rules, gate }: Terms,
): Promise<Judged> {
  if (gate)
    throw new PpError(
      'USAGE',
      '--policy-from works only for commits; git pp import DIR makes a commit from a bundle directory',
    )
  const commit = await commitOf(ground, named)
  return verifyBundle(desk, { ...rules, gate: null }, named.opened, commit, named.opened.attestations)
}

/** A commit, A..B, the start of a session id, a directory, or nothing: the newest session, else HEAD. Throws USAGE, NO_PROOF. */
async function namedBy(caller: Caller, { repository }: Ground, desk: Desk, word: string | null): Promise<Named> {
  if (word === null) {
    const commit = (await repository.history.resolve(PP_HEAD)) ?? (await repository.history.resolve('HEAD'))
    if (commit) return { is: 'commit', commit, session: null }
    throw new PpError('NO_PROOF', 'there is no proof yet')
  }
  const subject = await subjectOf(desk, word)
  if (subject) return subject
  const dir = resolve(caller.cwd, word)
  const there = await lstat(join(dir, FILES.manifest)).catch(() => null)
  if (there) return { is: 'directory', dir, opened: await openBundleDir(dir) }
  throw new PpError('NO_PROOF', `there is no commit, session or bundle directory called ${JSON.stringify(word)}`)
}

/** The commit that a directory is about: the one it names, that of its session here, or the one that was signed. */
async function commitOf(
  { repository, shelf }: Ground,
  { opened, dir }: Extract<Named, { is: 'directory' }>,
): Promise<Oid> {
  const repro = reproOf({ ...opened, digest: '' })
  const refs = await shelf.refs.list(`refs/pp/${repro.session}/`)
  const signed = opened.attestations
    .map(openEnvelope)
    .flatMap((one) => (one.is === 'statement' ? [one.statement.subject[0].digest.gitCommit] : []))
  const known = [repro.proved, refs.get(refsOf(repro.session).final), ...signed]
  for (const oid of known) if (oid && (await repository.history.resolve(oid))) return oid
  throw new PpError(
    'NO_PROOF',
    `the commit that the bundle ${dir} proves is not in this repository; git pp import ${shellWord(dir)} makes it again from its base`,
  )
}

/** What `attest` came to: what was found, and who signed it; null where it was not good enough to be signed. */
export interface Endorsed {
  readonly found: Verification
  readonly attestation: {
    readonly role: 'endorser'
    readonly mode: string
    readonly keyid: string | null
    readonly fingerprint: string | null
  } | null
}

/** Checks all but whose signature it is, then signs as an endorser beside those present. */
export async function attestProof(caller: Caller, ground: Ground, options: AttestOptions): Promise<Endorsed> {
  const { mode, place } = await modeOf(ground, options)
  const signer = mode === 'none' ? null : await openSigner(caller, ground, mode, place)
  const { verifiers } = await openTrust(caller, ground, { key: [], trust: [] })
  const desk = deskOf(ground, verifiers)
  const subject = await namedBy(caller, ground, desk, options.proof)
  if (subject.is !== 'commit')
    throw new PpError(
      'USAGE',
      'git pp attest needs a commit or a session; git pp import makes a commit from a bundle directory',
    )
  const rules = { now: clock.now(), trust: null, allowWeak: true, exact: true, maxAgeMs: null }
  const shown = subject.session ?? (await shownOn(ground, subject.commit))
  const { found, bundle } = await verifyOne(desk, rules, subject.commit, shown, null)
  if (STATUS_OF_WORD[found.verdict] !== 0 || !bundle) return { found, attestation: null }
  await annotate(ground.repository.notes, bundle, subject.commit, 'endorser', signer)
  const { keyid = null, fingerprint = null } = signer ?? {}
  return { found, attestation: { role: 'endorser', mode, keyid, fingerprint } }
}

/** The session that `show` takes for a commit; null where it has none that can be read, and the checks say why. */
async function shownOn({ shelf }: Ground, commit: Oid): Promise<string | null> {
  const proofs = await proofsOn(shelf, commit).catch((error: unknown) => {
    if (error instanceof PpError) return []
    throw error
  })
  return newestOf(proofs)?.repro.session ?? null
}

/** The mode and the place of the key: typed, else git config. Throws USAGE. */
async function modeOf({ repository }: Ground, { mode, keyFile, keyEnv }: AttestOptions) {
  const config = async (key: string) => lastOf(await repository.config(key), key) ?? undefined
  const parsed = SignMode.safeParse(mode ?? (await config('pp.attestation.mode')))
  if (!parsed.success)
    throw new PpError('USAGE', `name a way to sign: ${either(KEY_MODES.map((one) => `--mode ${one}`))}`)
  const variable = keyFile === undefined ? (keyEnv ?? (await config('pp.attestation.keyenv'))) : keyEnv
  return { mode: parsed.data, place: { file: keyFile, variable } }
}
