import { lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openEnvelope } from '../core/attest/index.ts'
import { FILES } from '../core/bundle-layout/index.ts'
import { PP_HEAD, refsOf } from '../flows/refs/index.ts'
import { type FoundProof, reproOf } from '../flows/store/index.ts'
import {
  type CheckedProof,
  gatePolicyOf,
  type VerificationRules,
  type VerificationSubject,
  type VerificationTerms,
  type VerifierPorts,
  verificationSubjectOf,
  verifyBundle,
  verifySubject,
  withCautions,
} from '../flows/verify/index.ts'
import { shellWord } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, VerifyOptions } from '../model/options.ts'
import { statusOfVerification, type Verification } from '../model/verification.ts'
import { inflate } from '../portable/index.ts'
import { type OpenedBundleDirectory, openBundleDir } from '../state/index.ts'
import { clock, type OpenReader, openTrust, withReader } from '../wiring/index.ts'

/** What a word of the command line refers to. */
type ProofArgument =
  | VerificationSubject
  | { readonly is: 'directory'; readonly opened: OpenedBundleDirectory; readonly dir: string }

/** Checks proofs without running anything of the repository. */
export function verify(caller: Caller, options: VerifyOptions): Promise<Verification[]> {
  return withReader(caller, async (reader) => (await verifyAll(caller, reader, options)).map(({ found }) => found))
}

/** Checks every named proof; runs nothing and fetches nothing. */
export async function verifyAll(caller: Caller, reader: OpenReader, options: VerifyOptions): Promise<CheckedProof[]> {
  const { verifiers, cautions } = await openTrust(caller, reader, options)
  const ports = deskOf(reader, verifiers)
  const { policyFrom, require: required } = options
  const gate = policyFrom === undefined ? null : await gatePolicyOf(ports, policyFrom, reader.repository.place.prefix)
  const terms = { rules: rulesOf(options), required, gate }
  const results: CheckedProof[] = []
  for (const word of options.proofs.length === 0 ? [null] : options.proofs) {
    const named = await namedBy(caller, reader, ports, word)
    results.push(
      ...(named.is === 'directory'
        ? [await verifyDirectory(reader, ports, named, terms)]
        : await verifySubject(ports, named, terms)),
    )
  }
  return withCautions(results, gate, cautions)
}

/** One proof for callers that use it: exactly the bundle that was checked, or null if it does not hold. */
export async function verifiedProof(
  caller: Caller,
  reader: OpenReader,
  options: VerifyOptions,
): Promise<{ readonly found: Verification; readonly proof: FoundProof | null }> {
  const [judged, second] = await verifyAll(caller, reader, options)
  if (!judged || second) throw new PpError('USAGE', 'name one proof only: a commit or a session')
  const { found, bundle } = judged
  if (statusOfVerification(found) !== 0 || !bundle) return { found, proof: null }
  return { found, proof: { commit: found.commit, bundle, repro: reproOf(bundle), from: null } }
}

/** The ports for verifying in this repository. */
export function deskOf({ repository, refs }: OpenReader, verifiers: VerifierPorts['verifiers']): VerifierPorts {
  const { history, rehashed, notes, patches, objects } = repository
  return {
    history,
    objects: rehashed,
    notes,
    refs,
    patches,
    inflate,
    patch: objects.patch,
    verifiers,
    policies: new Map(),
  }
}

function rulesOf(options: VerifyOptions): Omit<VerificationRules, 'gate'> {
  const { threshold, allowUnsigned, allowWeak, acceptRefactor = false, exact, maxAgeMs } = options
  const trust = { threshold, allowUnsigned }
  return { now: clock.now(), trust, allowWeak, acceptRefactor, exact, maxAgeMs: maxAgeMs ?? null }
}

async function verifyDirectory(
  reader: OpenReader,
  ports: VerifierPorts,
  named: Extract<ProofArgument, { is: 'directory' }>,
  { rules, gate }: VerificationTerms,
): Promise<CheckedProof> {
  if (gate)
    throw new PpError(
      'USAGE',
      '--policy-from works only for commits; git pp import DIR makes a commit from a bundle directory',
    )
  const commit = await commitOf(reader, named)
  return verifyBundle(ports, { ...rules, gate: null }, named.opened, commit, named.opened.attestations)
}

/** A commit, A..B, the start of a session id, a directory, or nothing: the newest session, else HEAD. Throws USAGE, NO_PROOF. */
export async function namedBy(
  caller: Caller,
  { repository }: OpenReader,
  ports: VerifierPorts,
  word: string | null,
): Promise<ProofArgument> {
  if (word === null) {
    const commit = (await repository.history.resolve(PP_HEAD)) ?? (await repository.history.resolve('HEAD'))
    if (commit) return { is: 'commit', commit, session: null }
    throw new PpError('NO_PROOF', 'there is no proof yet')
  }
  const subject = await verificationSubjectOf(ports, word)
  if (subject) return subject
  if (caller.confined)
    throw new PpError('NO_PROOF', `there is no commit, range or session called ${JSON.stringify(word)}`)
  const dir = resolve(caller.cwd, word)
  const there = await lstat(join(dir, FILES.manifest)).catch(() => null)
  if (there) return { is: 'directory', dir, opened: await openBundleDir(dir) }
  throw new PpError('NO_PROOF', `there is no commit, session or bundle directory called ${JSON.stringify(word)}`)
}

/** The commit that a directory is about: the one it names, that of its session here, or the one that was signed. */
async function commitOf(
  { repository, proofStore }: OpenReader,
  { opened, dir }: Extract<ProofArgument, { is: 'directory' }>,
): Promise<Oid> {
  const repro = reproOf({ ...opened, digest: '' })
  const refs = await proofStore.refs.list(`refs/pp/${repro.session}/`)
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
