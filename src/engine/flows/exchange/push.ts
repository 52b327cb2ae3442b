import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { PushOptions, PushResult } from '../../model/options.ts'
import type { RejectedUpdate, Remote, RemoteUpdate } from '../../ports/remote.ts'
import { NOTES, refsOf, remoteNotesRef, TRANSFERRED_NOTES } from '../refs/index.ts'
import { addMissingLines, type FoundProof, linesAbout, mergeFetchedNotes, type ProofStore } from '../store/index.ts'
import { fetchNotes, type RemoteNotes } from './fetch.ts'
import { chooseProofs } from './push-choice.ts'
import { nothingToPush } from './push-nothing.ts'
import { findSecretsToPush, type PushSearch } from './secrets-to-push.ts'

export interface PushTools extends PushSearch {
  readonly proofStore: ProofStore
  readonly remote: Remote
  /** Waits before the nth retry: longer each time, and by a random amount. */
  readonly pause: (n: number) => Promise<void>
}

/** How often a push is tried: while other writers are faster, and while the remote refuses although no ref has moved. */
const TRIES = 60
const UNMOVED = 3

/**
 * Puts proofs, and the commits they are about, on top of what the remote has now. Never forces, sends nothing else of ours,
 * and tries again when another writer was faster. Throws NO_PROOF, GIT_FAILED in the remote's words.
 */
export async function pushFlow(tools: PushTools, options: PushOptions): Promise<PushResult> {
  const { proofStore, remote } = tools
  const there = await remote.list()
  let notes = await fetchNotes(tools)
  const { proofs, warnings, uncommitted } = await chooseProofs(proofStore, options, notes.tips)
  const session = await sessionRefs(tools, proofs, options, there)
  const lines = await Promise.all(TRANSFERRED_NOTES.map((kind) => linesAbout(proofStore, kind, proofs)))
  const nothing = proofs.length > 0 ? null : await nothingToPush(proofStore, remote.name, uncommitted)
  const told = { remote: remote.name, dryRun: options.dryRun, nothing, warnings: [...notes.warnings, ...warnings] }
  const carried = proofs.map(({ repro, commit }) => ({ session: repro.session, commit: commit ?? '' }))
  let sent: readonly string[] = []
  let unmoved = 0
  for (let n = 1; ; n++) {
    const updates = [...session, ...(await noteUpdates(proofStore, notes, lines))]
    sent = sent.length > 0 ? sent : updates.map(({ ref }) => ref)
    if (updates.length === 0) return { ...told, proofs: carried, refs: sent, secrets: [] }
    const secrets = n > 1 ? [] : await findSecretsToPush(tools, proofs, lines, session, [...there.values()])
    if (secrets.length > 0) return { ...told, proofs: [], refs: [], secrets }
    if (options.dryRun) return { ...told, proofs: carried, refs: sent, secrets }
    const refusals = await remote.push(updates)
    if (refusals.length === 0) {
      await follow(tools, updates)
      return { ...told, proofs: carried, refs: sent, secrets }
    }
    const before = notes
    notes = await fetchNotes(tools)
    unmoved = refusals.some(({ ref }) => moved(ref, before, notes)) ? 0 : unmoved + 1
    const hopeless =
      refusals.find(({ ref }) => !ref.startsWith('refs/notes/')) ?? (unmoved >= UNMOVED ? refusals[0] : null)
    if (hopeless || n >= TRIES) throw refused(remote, hopeless ?? refusals[0])
    await tools.pause(n)
  }
}

/**
 * The commits that the remote needs: the one that carries the notes, a base that this one does not contain, and attempts if
 * they were asked for.
 */
async function sessionRefs(
  { proofStore, remote }: PushTools,
  proofs: readonly FoundProof[],
  { withAttempts }: PushOptions,
  there: ReadonlyMap<string, Oid>,
): Promise<readonly RemoteUpdate[]> {
  const updates = new Map<string, Oid>()
  for (const { repro, commit } of proofs) {
    const names = refsOf(repro.session)
    if (commit === null || (repro.verdict === 'ALREADY_GREEN' && !repro.base.snapshot)) continue
    updates.set(repro.finalTree === null ? names.record : names.final, commit)
    const base = await proofStore.history.resolve(repro.base.commit)
    if (base && (await proofStore.history.mergeBase(base, commit)) !== base) updates.set(names.base, base)
    if (!withAttempts) continue
    for (const [ref, oid] of await proofStore.refs.list(`refs/pp/${repro.session}/attempts/`)) updates.set(ref, oid)
  }
  const other = [...updates].find(([ref, to]) => there.has(ref) && there.get(ref) !== to)
  if (other)
    throw new PpError(
      'NOT_ALLOWED',
      `on ${remote.name}, ${other[0]} is another commit, and git pp never replaces one; nothing was sent`,
    )
  return [...updates].filter(([ref]) => !there.has(ref)).map(([ref, to]) => ({ ref, to }))
}

/** New tips of notes on top of the remote's tips, for the kinds of notes that lack a line. */
async function noteUpdates(proofStore: ProofStore, { tips }: RemoteNotes, lines: readonly Map<Oid, Set<string>>[]) {
  const updates: RemoteUpdate[] = []
  for (const [at, kind] of TRANSFERRED_NOTES.entries()) {
    const tip = tips.get(kind) ?? null
    const edits = new Map<Oid, Uint8Array>()
    for (const [commit, wanted] of lines[at] ?? []) {
      const note = addMissingLines(tip === null ? null : await proofStore.notes.read(tip, commit), wanted)
      if (note) edits.set(commit, note)
    }
    if (edits.size > 0) updates.push({ ref: NOTES[kind], to: await proofStore.notes.commit(tip, edits, 'kept') })
  }
  return updates
}

/** Records here what the remote has now, without asking it again. */
async function follow({ proofStore, remote }: PushTools, updates: readonly RemoteUpdate[]): Promise<void> {
  const before = await proofStore.refs.list(`refs/notes-remote/${remote.name}/pp/`)
  const tracked: { ref: string; to: Oid | null }[] = []
  for (const kind of TRANSFERRED_NOTES) {
    const pushed = updates.find(({ ref }) => ref === NOTES[kind])?.to
    const ref = remoteNotesRef(remote.name, kind)
    if (pushed) tracked.push({ ref, to: await mergeFetchedNotes(proofStore, kind, before.get(ref) ?? null, pushed) })
  }
  await proofStore.refs.update(tracked)
}

function moved(ref: string, before: RemoteNotes, now: RemoteNotes): boolean {
  const kind = TRANSFERRED_NOTES.find((one) => NOTES[one] === ref)
  return kind !== undefined && before.tips.get(kind) !== now.tips.get(kind)
}

function refused({ name }: Remote, refusal: RejectedUpdate | undefined): PpError {
  const { ref, why } = refusal ?? { ref: 'refs/notes/pp', why: 'other writers changed it again and again' }
  const mend = `ask the owner of ${name} to allow pushes to refs/pp/* and refs/notes/pp/*`
  return new PpError('GIT_FAILED', `${name} refuses ${ref}: ${why}`, { mend })
}
