import { readPatchLine } from '../core/patch-lines/index.ts'
import { confine } from '../core/policy/index.ts'
import { findProof } from '../flows/store/index.ts'
import { PpError } from '../model/error.ts'
import { isBare } from '../model/kinds.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, ProveOptions, SessionOptions } from '../model/options.ts'
import { DECIDED_VERDICTS, type PatchToProve, type PatchVerdict } from '../model/patch-verdict.ts'
import type { SessionResult } from '../model/session.ts'
import { STATUS_OF_VERDICT, type Verdict } from '../model/verdict.ts'
import { digest, isMadeHere, type KnownVerdicts } from '../state/index.ts'
import { type OpenRepository, openKnownVerdicts, readPolicy, withRepository } from '../wiring/index.ts'
import { prove } from './prove.ts'
import { silent } from './silent.ts'

/** What is asked for all patches of a file alike. */
export interface PatchesOptions extends SessionOptions {
  /** The COMMAND, for lines without one; null: the targets of the policy. */
  readonly command: string | readonly string[] | null
  /** How many sessions may be under way at once. */
  readonly atOnce: number
}

/**
 * Proves each patch of a file in a session of its own, and tells each verdict as it comes. What this machine has proved before is
 * not run again. A line that asks for nothing that can be proved gets an answer, too. Lines without text are left out.
 */
export async function provePatches(
  caller: Caller,
  options: PatchesOptions,
  lines: AsyncIterable<string>,
  tell: (verdict: PatchVerdict) => void,
): Promise<readonly PatchVerdict[]> {
  const known = await withRepository(caller, (openRepo) => openKnownVerdicts(caller, openRepo))
  const under = new Map<string, Promise<PatchVerdict>>()
  const verdicts: PatchVerdict[] = []
  const waiting = numbered(lines)
  const worker = async () => {
    for await (const { text, line } of waiting) {
      if (caller.signal.aborted) return
      const verdict = await verdictOf({ caller, options, known, under }, text, line)
      verdicts.push(verdict)
      tell(verdict)
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, worker))
  return verdicts
}

/** Several may take lines from it; each line is taken once, and nobody ends it for the others. */
function numbered(lines: AsyncIterable<string>): AsyncIterable<{ readonly text: string; readonly line: number }> {
  const all = (async function* () {
    let line = 0
    for await (const text of lines) {
      line += 1
      if (text.trim() !== '') yield { text, line }
    }
  })()
  return { [Symbol.asyncIterator]: () => ({ next: () => all.next() }) }
}

interface PatchBatch {
  readonly caller: Caller
  readonly options: PatchesOptions
  readonly known: KnownVerdicts
  /** Patches that are being proved, so that the same one is not proved twice at once. */
  readonly under: Map<string, Promise<PatchVerdict>>
}

async function verdictOf(batch: PatchBatch, text: string, line: number): Promise<PatchVerdict> {
  const began = performance.now()
  const read = readPatchLine(text, line)
  const head = { id: read.id, line }
  const seconds = () => Math.round(performance.now() - began) / 1000
  if ('wrong' in read) return { ...head, ...fault('USAGE', read.wrong), seconds: seconds() }
  try {
    const key = await keyOf(batch, read)
    const same = batch.under.get(key)
    if (same !== undefined) return { ...(await same), ...head, known: true, seconds: seconds() }
    const answer = proved(batch, read, key)
    batch.under.set(key, answer)
    return { ...(await answer), seconds: seconds() }
  } catch (error) {
    return { ...head, ...faultOf(error), seconds: seconds() }
  }
}

/** Names all that decides about a patch. Throws USAGE for a base that is not here. */
function keyOf({ caller, options }: PatchBatch, asked: PatchToProve): Promise<string> {
  return withRepository(caller, async ({ repository }) => {
    const { history, place } = repository
    const word = baseOf(options, asked)
    const commit = await history.resolve(word)
    if (commit === null) throw new PpError('USAGE', `there is no commit ${word} in this repository`)
    const { tree } = await history.commit(commit)
    const policy = await readPolicy(caller, repository, { commit, tree }, options, 'written')
    const { sources: _, ...said } = caller.confined ? confine(policy, options.sign !== undefined).policy : policy
    const { typed: _typed, keepWorktrees: _keep, jobs: _jobs, atOnce: _atOnce, ...rest } = options
    const what = [
      caller.version,
      commit,
      place.prefix,
      digest(asked.patch),
      asked.command ?? options.command,
      said,
      rest,
    ]
    return digest(JSON.stringify(what))
  })
}

async function proved(batch: PatchBatch, asked: PatchToProve, key: string): Promise<PatchVerdict> {
  const { caller, options, known } = batch
  const head = { id: asked.id, line: asked.line, seconds: 0 }
  const session = known.sessionFor(key)
  const before = session === null ? null : await withRepository(caller, (openRepo) => knownVerdict(openRepo, session))
  if (before !== null) return { ...head, ...before, known: true }
  const [result] = await prove(caller, optionsFor(options, asked), silent)
  if (result === undefined) throw new PpError('USAGE', 'the patch is empty, so there is nothing to prove')
  // Commands without a sandbox can write to where verdicts are kept.
  if (DECIDED_VERDICTS.has(result.verdict) && result.base !== null && !isBare(result.sandbox))
    await known.keep(key, result.session)
  return { ...head, ...said(result), known: false }
}

/** The verdict of a session of this machine; null: its proof is gone, or is not what this machine made. */
async function knownVerdict(
  { proofStore, state }: OpenRepository,
  session: string,
): Promise<ReturnType<typeof said> | null> {
  const found = await findProof(proofStore, session).catch(() => null)
  if (found === null || found.repro.session !== session || !(await isMadeHere(state, found.bundle.digest))) return null
  const { repro, commit } = found
  return said({ ...repro, base: repro.base.commit, final: repro.finalTree === null ? null : commit })
}

type SaidOfResult = Pick<SessionResult, 'verdict' | 'reason' | 'mend' | 'session' | 'base'> & {
  readonly final: Oid | null
}

function said({ verdict, reason, mend, session, base, final }: SaidOfResult) {
  return { verdict, reason, mend, session, base, final }
}

function optionsFor(options: PatchesOptions, asked: PatchToProve): ProveOptions {
  const { command: given, atOnce: _, ...rest } = options
  const command = asked.command ?? given
  return {
    ...rest,
    jobs: 1,
    base: baseOf(options, asked),
    words: typeof command === 'string' ? [command] : [],
    argv: typeof command === 'string' || command === null ? null : [...command],
    patch: new TextEncoder().encode(asked.patch),
    each: false,
  }
}

function baseOf(options: PatchesOptions, asked: PatchToProve): string {
  return asked.base ?? options.base ?? 'HEAD'
}

/** What is answered for a line whose session ended with a fault; throws other errors again. */
export function faultOf(error: unknown) {
  if (!(error instanceof PpError)) throw error
  return fault(verdictOfFault(error), error.message, error.mend ?? null)
}

function verdictOfFault({ code, status }: PpError): Verdict {
  if (code === 'SECRET_FOUND' || code === 'NOT_ALLOWED') return 'DENIED'
  const same = (['USAGE', 'ERROR', 'INTERRUPTED'] as const).find((one) => STATUS_OF_VERDICT[one] === status)
  return same ?? (status === 143 ? 'INTERRUPTED' : 'NOT_RUN')
}

/** What is answered for a line that asks for nothing that can be proved. */
export function fault(verdict: Verdict, reason: string, mend: string | null = null) {
  return { verdict, reason, mend, session: null, base: null, final: null, known: false }
}
