import { encodeBundleLine, PATCH_LIMIT, sealBundle, writeJson, writePatch } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { canonicalJson, strictUtf8, utf8Bytes } from '../../core/bytes/index.ts'
import { recordedJudges } from '../../core/found-judges/index.ts'
import { proofSummary } from '../../core/record/index.ts'
import { stringMasker } from '../../core/redact/index.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import type { Oid } from '../../model/oid.ts'
import { type Bundle, type IndexLine, indexVersion, Repro, recordVersion } from '../../model/proof.ts'
import { recordedResult, type SessionResult } from '../../model/session.ts'
import type { NoteWrite } from '../../ports/repository.ts'
import { notesRef, PP_HEAD, refsOf, trailer } from '../refs/index.ts'
import { maskedRecord, maskedResult, refuseKnownValues } from './masked-record.ts'
import type { Session } from './session.ts'

/** What a session leaves besides its runs. */
export interface SessionEnding {
  /** The answer as known so far; `final` is filled in here. */
  readonly result: SessionResult
  readonly redTree: Oid | null
  readonly finalTree: Oid | null
  /** The commit that was proved, for `prove COMMIT`: it gets the notes as it is. */
  readonly proved: Oid | null
  readonly patch: Uint8Array | null
  /** The paths that the change touches. */
  readonly touched: readonly string[]
  /** What the files of the change are, if it was observed what the run of the base reads. */
  readonly classes: readonly FoundJudge[]
  /** What the run of the base read, in numbers; null: not observed. */
  readonly reads: object | null
  readonly tests: Repro['tests']
  readonly reds: Repro['reds']
}

export interface SealedSession {
  readonly result: SessionResult
  readonly bundle: Bundle
  /** The commit that carries the notes. */
  readonly commit: Oid
}

/** The parts of a session that sealing it uses. */
export type Sealing = Pick<
  Session,
  | 'author'
  | 'base'
  | 'clock'
  | 'history'
  | 'id'
  | 'judges'
  | 'kind'
  | 'notes'
  | 'patches'
  | 'record'
  | 'redactor'
  | 'refs'
  | 'settings'
  | 'startedAt'
  | 'surroundings'
  | 'typed'
  | 'version'
  | 'workspaces'
>

/**
 * Writes the bundle, the commit that carries it, and in one transaction its notes and refs. This is the last step: a crash
 * before it leaves no proof, and after it the proof is whole. It is also the only way out of a session: secrets in strings are masked here, after everything was compared. Throws
 * SECRET_FOUND if a known value still stands in what would be kept.
 */
export async function sealSession(session: Sealing, found: SessionEnding): Promise<SealedSession> {
  const masker = stringMasker(session.redactor)
  const ending = {
    ...found,
    result: maskedResult(masker, found.result),
    tests: masker.all(found.tests),
    reds: masker.all(found.reds),
  }
  const { result } = ending
  const finishedAt = session.clock.now()
  const record = maskedRecord(masker, session.record)
  writeJson(record, FILES.repro, Repro.parse(repro(session, ending, finishedAt)))
  const { workspaces } = session
  const made = { worktrees: workspaces.worktrees(), facts: workspaces.facts() }
  const { reads } = ending
  writeJson(record, FILES.environment, { ...session.surroundings, ...made, ...(reads && { reads }) })
  const judges = masker.all(recordedJudges(session.judges, ending.classes, ending.touched))
  if (judges.length > 0) writeJson(record, FILES.judges, judges)
  if (result.remarks !== undefined) writeJson(record, FILES.remarks, result.remarks)
  if (result.spent !== undefined) writeJson(record, FILES.spent, result.spent)
  if (ending.patch) writePatch(record, { whole: FILES.patch, digest: FILES.patchDigest }, ending.patch)
  record.set(FILES.summary, utf8Bytes(proofSummary(result)))
  const bundle = sealBundle(record)
  refuseKnownValues(session, leaving(session, bundle, result))
  const { commit, ref } = await carrier(session, ending, bundle, finishedAt)
  const sealed = { ...result, final: result.final !== null ? commit : null }
  const refs = ref === null ? [] : [{ ref, to: commit, from: null }]
  await session.notes.publish(await notesOf(session, ending, bundle, commit, sealed), [
    ...refs,
    { ref: PP_HEAD, to: commit },
  ])
  return { result: sealed, bundle, commit }
}

/** Everything that leaves a session, by its place. */
function leaving({ settings }: Sealing, bundle: Bundle, result: SessionResult): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...bundle.files,
    ['the message of the commit', utf8Bytes(`${subject(result)}\n${settings.trailer ?? ''}`)],
    ['the answer', utf8Bytes(canonicalJson(result))],
  ])
}

function repro(session: Sealing, ending: SessionEnding, finishedAt: Date): Repro {
  return {
    ...recordedResult(ending.result),
    v: recordVersion(ending.result, session.settings.policyVersion),
    tool: { name: 'git-pp', version: session.version },
    base: session.base,
    redTree: ending.redTree,
    finalTree: ending.finalTree,
    proved: ending.proved,
    reds: ending.reds,
    tests: ending.tests,
    expect: session.settings.expect,
    author: session.author,
    startedAt: session.startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
  }
}

/**
 * The commit that gets the notes, and the ref that will hold it: the proved commit, a new final commit, the green base, or a
 * record commit of our own.
 */
async function carrier(
  session: Sealing,
  ending: SessionEnding,
  bundle: Bundle,
  at: Date,
): Promise<{ commit: Oid; ref: string | null }> {
  const { base, id, history } = session
  const { result, finalTree, proved } = ending
  const names = refsOf(id)
  const write = (tree: Oid, title: string, asked: string | null) => {
    const trailers = [...(asked === null ? [] : [asked]), trailer(id, bundle.digest)]
    return history.write({ tree, parents: [base.commit], message: `${title}\n\n${trailers.join('\n')}\n`, at })
  }
  if (result.final !== null && finalTree)
    return { commit: proved ?? (await write(finalTree, subject(result), session.settings.trailer)), ref: names.final }
  if (result.verdict === 'ALREADY_GREEN' && !base.snapshot) return { commit: base.commit, ref: null }
  return {
    commit: await write(base.tree, `git pp: record of a session, ${result.verdict}: ${subject(result)}`, null),
    ref: names.record,
  }
}

function subject({ verdict, targets, flipped }: SessionResult): string {
  const what = flipped.length === 1 ? flipped : targets.map(({ name }) => name)
  const names = what.map(oneLine).join(', ')
  if (verdict === 'PRESERVED') return `Keep ${names} passing`
  return `Make ${names} pass${verdict === 'STABILIZED' ? ' every time' : ''}`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 60)
}

async function notesOf(
  session: Sealing,
  ending: SessionEnding,
  bundle: Bundle,
  commit: Oid,
  result: SessionResult,
): Promise<readonly NoteWrite[]> {
  const local = session.base.snapshot
  const index: IndexLine = {
    v: indexVersion(result.verdict),
    session: session.id,
    verdict: result.verdict,
    baseTree: session.base.tree,
    finalTree: ending.finalTree,
    patchId: ending.patch ? await session.patches.id(ending.patch) : null,
    manifest: bundle.digest,
  }
  return [
    { ref: notesRef('bundles', local), commit, line: encodeBundleLine(bundle) },
    { ref: notesRef('index', local), commit, line: canonicalJson(index) },
    { ref: notesRef('summary', local), commit, text: proofSummary(result) },
  ]
}

/** A patch as text for people, when it is text. */
export function patchText(patch: Uint8Array | null): string | null {
  return patch && patch.length <= PATCH_LIMIT ? strictUtf8(patch) : null
}
