import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyFlow, fetchFlow, forgetFlow, pushFlow } from '../flows/exchange/index.ts'
import { fetchedFrom } from '../flows/refs/index.ts'
import { type Found, mayNameProof, type Shelf } from '../flows/store/index.ts'
import { type ErrorCode, PpError } from '../model/error.ts'
import type { Applied, Caller, Fetched, Forgotten, Pushed, PushOptions, VerifyOptions } from '../model/options.ts'
import { STATUS_OF_WORD, type Verification } from '../model/verification.ts'
import type { Remotes } from '../ports/remote.ts'
import { isMade } from '../state/index.ts'
import { onGround } from '../wiring/index.ts'
import { locate } from './locate.ts'
import { verifiedProof } from './verify.ts'

/** Sends proofs. `words`: REMOTE, where the first names one, and PROOFs. */
export function push(caller: Caller, words: readonly string[], options: Omit<PushOptions, 'proofs'>): Promise<Pushed> {
  return onGround(caller, async ({ repository, shelf }) => {
    const { remotes } = repository
    const [word, proofs] = await withRemote(remotes, shelf, words)
    const remote = await remotes.open(word, 'push')
    return pushFlow({ shelf, remotes, remote, pause }, { ...options, proofs })
  })
}

/** Brings proofs. `words`: REMOTE or URL, where the first names one, and COMMITs. */
export function fetchProofs(caller: Caller, words: readonly string[]): Promise<Fetched> {
  return onGround(caller, async ({ repository, shelf }) => {
    const [word, wanted] = await withRemote(repository.remotes, shelf, words)
    const remote = await repository.remotes.open(word, 'fetch')
    return fetchFlow({ shelf, objects: repository.objects, remote }, wanted)
  })
}

/** The change of a proof in the user's files, or with `commit` on their branch. Ours needs no signature, but has to hold as well. */
export function apply(
  caller: Caller,
  options: { readonly proof: string | null; readonly commit: boolean; readonly trust: Omit<VerifyOptions, 'proofs'> },
): Promise<Applied> {
  return onGround(caller, async (ground) => {
    const { shelf, repository } = ground
    const { objects, patches, snapshots, landing } = repository
    const found = await locate(caller, ground, options.proof)
    const isOurs = await isMade(ground.state, found.bundle.digest)
    const vouch = async ({ bundle, commit, repro }: Found) => {
      const words = commit === null ? options.proof : repro.session
      const trust = { ...options.trust, allowUnsigned: options.trust.allowUnsigned || isOurs, allowWeak: true }
      const checked = await verifiedProof(caller, ground, { ...trust, proofs: words === null ? [] : [words] })
      if (checked.proof?.bundle.digest !== bundle.digest) throw unproven(checked.found)
    }
    const tools = { shelf, objects, patches, snapshots, landing, vouch, now: () => new Date() }
    return applyFlow(tools, found, options.commit)
  })
}

/** Why nothing is done with a proof that does not hold. */
function unproven({ verdict, reason }: Verification): PpError {
  const codes: Readonly<Record<number, ErrorCode>> = { 1: 'MALFORMED', 3: 'NO_PROOF', 6: 'OBJECT_MISSING' }
  const mend =
    verdict === 'UNSIGNED' || verdict === 'UNTRUSTED'
      ? { mend: 'name a key that you trust with --trust FILE, or accept the proof unsigned with --allow-unsigned' }
      : {}
  return new PpError(
    codes[STATUS_OF_WORD[verdict]] ?? 'NOT_ALLOWED',
    `nothing was applied: ${verdict}: ${reason}`,
    mend,
  )
}

/** Withdraws a proof, here and on `remote` where one is named. */
export function forget(
  caller: Caller,
  options: { readonly proof: string; readonly remote: string | null },
  confirm: (question: string) => Promise<void>,
): Promise<Forgotten> {
  return onGround(caller, async ({ repository, shelf }) => {
    const remote = options.remote === null ? null : await repository.remotes.open(options.remote, 'push')
    return forgetFlow({ shelf, remote, confirm, pause }, options.proof)
  })
}

/** The remote, where the first word is one, and the proofs. Throws USAGE for a first word that can be neither. */
async function withRemote(
  { knows, names }: Remotes,
  { history }: Shelf,
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

/** Grows to 1.5 s, and differs from writer to writer. */
async function pause(n: number): Promise<void> {
  await sleep(randomInt(20, 100 + Math.min(n, 14) * 100))
}

/** The remotes whose proofs were fetched, also those that had none. */
export function fetchedRemotes(caller: Caller): Promise<readonly string[]> {
  return onGround(caller, ({ refs }) => fetchedFrom(refs))
}
