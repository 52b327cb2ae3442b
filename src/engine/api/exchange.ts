import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyFlow, fetchFlow, forgetFlow, pushFlow } from '../flows/exchange/index.ts'
import type { SessionBase } from '../flows/session/index.ts'
import { type FoundProof, mayNameProof, type ProofStore } from '../flows/store/index.ts'
import { type ErrorCode, PpError } from '../model/error.ts'
import type {
  ApplyResult,
  Caller,
  FetchResult,
  ForgetResult,
  PushOptions,
  PushResult,
  VerifyOptions,
} from '../model/options.ts'
import { statusOfVerification, type Verification } from '../model/verification.ts'
import type { Remotes } from '../ports/remote.ts'
import { isMadeHere } from '../state/index.ts'
import { secretsOfPush, withRepository } from '../wiring/index.ts'
import { locateProof } from './locate-proof.ts'
import { verifiedProof } from './verify.ts'

/** Pushes proofs. `words`: a REMOTE, if the first word names one, and PROOFs. */
export function push(
  caller: Caller,
  words: readonly string[],
  options: Omit<PushOptions, 'proofs'>,
): Promise<PushResult> {
  return withRepository(caller, async ({ repository, proofStore }) => {
    const { remotes } = repository
    const [word, proofs] = await withRemote(remotes, proofStore, words)
    const remote = await remotes.open(word, 'push')
    const secretsOf = (bases: readonly SessionBase[]) => secretsOfPush(caller.env, repository, bases)
    return pushFlow({ proofStore, remotes, remote, secretsOf, pause }, { ...options, proofs })
  })
}

/** Fetches proofs. `words`: a REMOTE or URL, if the first word names one, and COMMITs. */
export function fetchProofs(caller: Caller, words: readonly string[]): Promise<FetchResult> {
  return withRepository(caller, async ({ repository, proofStore }) => {
    const [word, wanted] = await withRemote(repository.remotes, proofStore, words)
    const remote = await repository.remotes.open(word, 'fetch')
    return fetchFlow({ proofStore, objects: repository.objects, remote }, wanted)
  })
}

/**
 * Applies the change of a proof to the user's files, or with `commit` to their branch. Our own proof needs no signature, but
 * all other checks must pass, too.
 */
export function apply(
  caller: Caller,
  options: { readonly proof: string | null; readonly commit: boolean; readonly trust: Omit<VerifyOptions, 'proofs'> },
): Promise<ApplyResult> {
  return withRepository(caller, async (openRepo) => {
    const { proofStore, repository } = openRepo
    const { objects, patches, snapshots, userCheckout } = repository
    const found = await locateProof(caller, openRepo, options.proof)
    const isOurs = await isMadeHere(openRepo.state, found.bundle.digest)
    const vouch = async ({ bundle, commit, repro }: FoundProof) => {
      const words = commit === null ? options.proof : repro.session
      const trust = {
        ...options.trust,
        allowUnsigned: options.trust.allowUnsigned || isOurs,
        allowWeak: true,
        ...(isOurs && { acceptRefactor: true }),
      }
      const checked = await verifiedProof(caller, openRepo, { ...trust, proofs: words === null ? [] : [words] })
      if (checked.proof?.bundle.digest !== bundle.digest) throw unproven(checked.found)
    }
    const tools = { proofStore, objects, patches, snapshots, userCheckout, vouch, now: () => new Date() }
    return applyFlow(tools, found, options.commit)
  })
}

/** The error for a proof that does not hold. */
function unproven(found: Verification): PpError {
  const { verdict, reason } = found
  const codes: Readonly<Record<number, ErrorCode>> = { 1: 'MALFORMED', 3: 'NO_PROOF', 6: 'OBJECT_MISSING' }
  const mend =
    verdict === 'UNSIGNED' || verdict === 'UNTRUSTED'
      ? { mend: 'name a key that you trust with --trust FILE, or accept the proof unsigned with --allow-unsigned' }
      : {}
  return new PpError(
    codes[statusOfVerification(found)] ?? 'NOT_ALLOWED',
    `nothing was applied: ${verdict}: ${reason}`,
    mend,
  )
}

/** Withdraws a proof here, and on `remote` if one is named. */
export function forget(
  caller: Caller,
  options: { readonly proof: string; readonly remote: string | null },
  confirm: (question: string) => Promise<void>,
): Promise<ForgetResult> {
  return withRepository(caller, async ({ repository, proofStore }) => {
    const remote = options.remote === null ? null : await repository.remotes.open(options.remote, 'push')
    return forgetFlow({ proofStore, remote, confirm, pause }, options.proof)
  })
}

/** Splits the words into a remote, if the first word is one, and proofs. Throws USAGE if the first word can be neither. */
async function withRemote(
  { knows, names }: Remotes,
  { history }: ProofStore,
  words: readonly string[],
): Promise<[string | null, readonly string[]]> {
  const [first, ...others] = words
  if (first === undefined) return [null, words]
  if (knows(first)) return [first, others]
  if (mayNameProof(first) || (await history.resolve(first)) !== null) return [null, words]
  const known = names.length === 0 ? 'no remote is configured' : `known remotes: ${names.join(', ')}`
  throw new PpError('USAGE', `${first} is neither a remote nor a commit or session of this repository; ${known}`, {
    mend: 'a remote may also be a URL or a path like ./other; git pp log lists the proofs',
  })
}

/** Waits up to 1.5 s, longer each time and by a random amount, so that writers do not collide again. */
async function pause(n: number): Promise<void> {
  await sleep(randomInt(20, 100 + Math.min(n, 14) * 100))
}
