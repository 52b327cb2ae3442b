import { writeJson, writePatch } from '../../core/bundle/index.ts'
import { appliedPatch, attemptFile } from '../../core/bundle-layout/index.ts'
import { firstWords, withoutThoughts } from '../../core/context/index.ts'
import { maskedText } from '../../core/redact/index.ts'
import type { proposeEdits } from '../../core/reply/index.ts'
import { editsToPutBack } from '../../core/split/index.ts'
import type { Edits } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { ProposalRecord, ProposerAnswer, Refusal } from '../../model/proposal.ts'
import type { AttemptSummary } from '../../model/session.ts'
import type { Proposer } from '../../ports/proposer.ts'
import { type ChangeCandidate, changeCandidate, type Splitting } from '../change/index.ts'
import { refsOf } from '../refs/index.ts'
import { type Session, warnOnce } from '../session/index.ts'
import { type AppliedChange, applyProposal, wholeRefusal } from './apply-proposal.ts'
import { readReply } from './read-reply.ts'
import { judgeRefusals, unreadRefusals } from './refused-paths.ts'
import type { VisibleFiles } from './visible-files.ts'

/** A proposal that may be tried: applied, allowed, committed on its hidden ref. */
export interface PreparedChange {
  readonly n: number
  readonly commit: Oid
  readonly change: ChangeCandidate
  readonly patch: Uint8Array
  readonly proposer: string
  /** Why it is probably no repair, even if the command is green with it; null: nothing says so. */
  readonly doubt: string | null
}

export type PreparedAttempt =
  | { readonly ok: true; readonly attempt: PreparedChange }
  | { readonly ok: false; readonly summary: AttemptSummary; readonly patch: Uint8Array | null }

/** The rule of a reply that holds no patch in any form. */
export const NO_PATCH = 'no-diff'
/** In characters: how much of the words of a model is quoted. */
const WORDS = 300

/** An answer that can be tried. */
export type UsableAnswer = Extract<ProposerAnswer, { how: 'reply' | 'edits' }>

/** The parts of a session that preparing an attempt uses: nothing here runs a command. */
export type Preparing = Splitting &
  Pick<
    Session,
    | 'allowedBy'
    | 'base'
    | 'baseReads'
    | 'clock'
    | 'guard'
    | 'history'
    | 'id'
    | 'namesPath'
    | 'objects'
    | 'patches'
    | 'record'
    | 'redactor'
    | 'refs'
    | 'settings'
    | 'syntax'
    | 'targets'
    | 'warnings'
  >

/** From an answer to a committed change, or to the reason why the answer is refused. `seen`: trees that were tried before. */
export async function prepareAttempt(
  session: Preparing,
  n: number,
  proposer: Proposer,
  answer: UsableAnswer,
  files: VisibleFiles,
  spent: { bytes: number; readonly seen: Map<Oid, number> },
): Promise<PreparedAttempt> {
  writeJson(session.record, attemptFile(n, 'proposal.json'), proposalRecord(proposer, answer))
  const refuse = (
    refusals: readonly Refusal[],
    patch: Uint8Array | null = null,
    verdict = 'DENIED',
  ): PreparedAttempt => {
    writeJson(session.record, attemptFile(n, 'refusal.json'), refusals)
    return { ok: false, patch, summary: refused(n, proposer.kind, refusals, verdict) }
  }
  const wanted = await readAnswer(session, answer, files)
  const unseen = await deniedUnseen(session, wanted, files)
  if (unseen.length > 0) return refuse(unseen)
  if (!wanted.ok) return refuse([wanted.refusal], null, 'REFUSED')
  const applied = await applyProposal(session, wanted.edits, files)
  if (!applied.ok) return refuse([applied.refusal], null, 'REFUSED')
  const { tree, patch } = await withTestsOfBase(session, applied)
  const before = spent.seen.get(tree)
  if (before !== undefined)
    return refuse([wholeRefusal('repeated', `the same result as attempt ${before}`)], patch, 'REFUSED')
  spent.seen.set(tree, n)
  const change = await changeCandidate(session, tree)
  const denied = await session.guard(session.base.tree, change.changes, patch, spent.bytes)
  const unread = denied.length > 0 ? [] : await unreadRefusals(session, change)
  const judged = session.settings.allowJudgeChanges ? [] : judgeRefusals(session, change)
  if (denied.length > 0) return refuse(denied, patch)
  if (judged.length > 0) return refuse(judged, patch, 'TESTS_CHANGED')
  if (unread.length > 0) return refuse(unread, patch)
  spent.bytes += patch.length
  writePatch(session.record, appliedPatch(n), patch)
  const commit = await commitAttempt(session, n, tree, proposer.kind)
  const doubt = (answer.how === 'edits' && answer.doubt) || null
  return { ok: true, attempt: { n, commit, change, patch, proposer: proposer.kind, doubt } }
}

function proposalRecord(proposer: Proposer, answer: UsableAnswer): ProposalRecord {
  const unknown = { inputTokens: null, outputTokens: null }
  return {
    proposer: proposer.kind,
    model: answer.how === 'reply' ? answer.model : proposer.model,
    usage: answer.how === 'reply' ? answer.usage : unknown,
    sandboxed: proposer.sandboxed,
    promptSha256: null,
    replyBytes: answer.how === 'reply' ? answer.text.length : 0,
  }
}

type WantedEdits = { ok: true; edits: Edits } | { ok: false; refusal: Refusal }

/** Reads from the answer what the files should become. */
async function readAnswer(
  session: Pick<Session, 'redactor'>,
  answer: UsableAnswer,
  files: VisibleFiles,
): Promise<WantedEdits> {
  if (answer.how === 'edits') return { ok: true, edits: withModes(answer.edits, new Map()) }
  const read = await readReply(answer.text, files)
  if (!read.ok)
    return {
      ok: false,
      refusal: { rule: read.reason, path: read.path, message: explained(session, read, answer.text), source: null },
    }
  return { ok: true, edits: withModes(read.edits, read.modes) }
}

/**
 * Refuses an edit of a file that the policy hid from the proposer: the reason is that policy, and not that the file is
 * missing.
 */
async function deniedUnseen(session: Preparing, wanted: WantedEdits, files: VisibleFiles): Promise<readonly Refusal[]> {
  const named = new Set(wanted.ok ? wanted.edits.keys() : [wanted.refusal.path])
  const unseen = (await session.objects.list(session.base.tree)).filter(
    ({ path }) => named.has(path) && !files.has(path),
  )
  const changes = unseen.map(({ path, mode, oid }) => ({ path, before: { mode, oid }, after: { mode, oid } }))
  return changes.length === 0 ? [] : session.guard(session.base.tree, changes, new Uint8Array(), 0)
}

type UnreadReply = Extract<ReturnType<typeof proposeEdits>, { ok: false }>

/** Why a reply gives no change. Of a reply without a patch, its own first words say that best. */
function explained({ redactor }: Pick<Session, 'redactor'>, read: UnreadReply, reply: string): string {
  if (read.reason !== NO_PATCH) return explain(read)
  return `the answer holds no patch: ${firstWords(maskedText(redactor, withoutThoughts(reply)), WORDS)}`
}

function explain(read: UnreadReply): string {
  const { firstDifference: first, candidates } = read
  const where = first
    ? ` First difference: the patch has ${JSON.stringify(first.patchText)}, line ${first.fileLine} of the file is ${JSON.stringify(first.fileText)}.`
    : ''
  const places = candidates?.length
    ? ` Possible places: ${candidates.map(({ path, line }) => `${path}:${line}`).join(', ')}.`
    : ''
  return `${read.message}${where}${places}`
}

function withModes(
  edits: ReadonlyMap<string, Uint8Array | null>,
  modes: ReadonlyMap<string, '100644' | '100755'>,
): Edits {
  return new Map([...edits].map(([path, bytes]) => [path, bytes && { bytes, mode: modes.get(path) ?? '100644' }]))
}

/**
 * The proposal with the tests inside of product files as the base has them. A file in which it changes nothing but tests is
 * left alone: that is refused.
 */
async function withTestsOfBase(session: Preparing, applied: AppliedChange): Promise<AppliedChange> {
  const { split } = await changeCandidate(session, applied.tree)
  const inside = session.settings.allowJudgeChanges
    ? []
    : split.inside.filter(({ change }) => session.allowedBy(change.path) === null)
  if (inside.length === 0) return applied
  const paths = inside.map(({ change }) => change.path).join(', ')
  warnOnce(session, 'lines of tests inside of product files were left as the base has them', paths)
  const tree = await session.objects.edit(applied.tree, editsToPutBack([], inside))
  return { tree, patch: await session.objects.patch(session.base.tree, tree) }
}

function refused(n: number, proposer: string, refusals: readonly Refusal[], verdict: string): AttemptSummary {
  const [first] = refusals
  return {
    n,
    commit: null,
    verdict,
    reason: first?.message ?? 'refused',
    proposer,
    files: 0,
    insertions: 0,
    deletions: 0,
    refusals: [...refusals],
  }
}

/** One commit per attempt on its own hidden ref, parent = base; attempts never stack. */
async function commitAttempt(
  session: Pick<Session, 'base' | 'clock' | 'history' | 'id' | 'refs'>,
  n: number,
  tree: Oid,
  proposer: string,
): Promise<Oid> {
  const message = `git pp: attempt ${n} of session ${session.id}, proposed by ${proposer}\n`
  const commit = await session.history.write({ tree, parents: [session.base.commit], message, at: session.clock.now() })
  await session.refs.update([{ ref: refsOf(session.id).attempt(n), to: commit, from: null }])
  return commit
}
