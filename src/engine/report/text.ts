import { notRunLines } from '../core/executed/index.ts'
import {
  countsLine,
  LIMITS,
  modelUseLine,
  remarkLines,
  sandboxLine,
  weakIsolationPhrase,
} from '../core/record/index.ts'
import { spellCommand, type Target } from '../model/command.ts'
import type { AttemptSummary, ReplayResult, RunSummary } from '../model/session.ts'
import { STATUS_OF_VERDICT } from '../model/verdict.ts'
import { escapeLine, escapeText, firstLine } from './escape.ts'
import { expectationLines, type ResultBody, stepsOf } from './proof-steps.ts'
import type { TerminalStyles } from './terminal-styles.ts'
import { duration, firstLines, labelledBlock, readingLine } from './text-lines.ts'

const MANY = 12
/** How many places of a change are listed; the first ones are the strongest. */
const MOST_PLACES = 5

/**
 * The text of `run` and `prove`: the verdict comes first, and what to type next comes last. `patchLines`: how many lines of
 * the diff are shown.
 */
export function sessionText(
  result: ResultBody,
  paint: TerminalStyles,
  patchLines = Number.POSITIVE_INFINITY,
): string[] {
  return [verdictLine(result, paint), ...resultDetails(result, paint, patchLines), ...nextSteps(result, paint)]
}

/**
 * The verdict, its commit if there are several, and the reason. Weaker isolation than usual is also named here, where nobody
 * can miss it.
 */
export function verdictLine(result: ResultBody, paint: TerminalStyles): string {
  const { change } = result
  const of = change === undefined ? '' : ` of ${change.commit.slice(0, 12)} ${escapeLine(change.subject)}`
  return `${verdictWord(result.verdict, paint)}${paint.strong(escapeLine(weakIsolationPhrase(result)))}${of}: ${escapeLine(result.reason)}`
}

/** Everything between the verdict and the next steps. */
export function resultDetails(result: ResultBody, paint: TerminalStyles, patchLines: number): string[] {
  const where = `git pp show ${result.session}`
  const list = (label: string, lines: readonly string[]) => labelledBlock(label, firstLines(lines, MANY, where), paint)
  const ids = (label: string, names: readonly string[]) => list(label, names.map(escapeLine))
  return [
    ...list(
      'command',
      result.targets.map((target) => targetLine(target, result.targets.length > 1)),
    ),
    ...list(
      'failed',
      result.failures.map(
        (one) => `${escapeLine(one.id)}${one.message === '' ? '' : `: ${escapeLine(firstLine(one.message))}`}`,
      ),
    ),
    ...list(result.kind === 'prove' ? 'change' : 'attempts', attempts(result, paint)),
    ...labelledBlock('pairs', pairs(result), paint),
    ...ids('flipped', result.flipped),
    ...labelledBlock(
      'same',
      !result.same ? [] : [`${result.same} ${result.same === 1 ? 'test' : 'tests'} green before and after`],
      paint,
    ),
    ...list('judges', judges(result)),
    ...list('asks now', expectationLines(result).map(escapeLine)),
    ...labelledBlock('minimal', minimal(result), paint),
    ...labelledBlock('not run', notRun(result), paint),
    ...labelledBlock('sandbox', result.runs.length > 0 ? [escapeLine(sandboxLine(result))] : [], paint),
    ...labelledBlock('model', result.spent ? [modelUseLine(result.spent)] : [], paint),
    ...labelledBlock('signed', signed(result), paint),
    ...labelledBlock('not shown', notShown(result), paint),
    ...labelledBlock('look at', lookAt(result), paint),
    ...ids('suspects', isYes(result) ? [] : result.suspects),
    ...labelledBlock('warning', result.warnings.map(escapeLine), paint),
    ...patch(result, paint, patchLines),
  ]
}

/** The answer of `replay`. */
export function replayText(result: ReplayResult, paint: TerminalStyles): string[] {
  const runs = result.runs.map((run) => runLine(run, paint))
  return [
    `${verdictWord(result.verdict, paint)}: ${escapeLine(result.reason)}`,
    ...labelledBlock('runs', runs, paint),
    ...labelledBlock('differs', result.differences.map(escapeLine), paint),
    ...labelledBlock('loosened', result.loosened.map(escapeLine), paint),
    ...labelledBlock('try', result.mend === null ? [] : [escapeLine(result.mend)], paint),
    ...labelledBlock('next', [`git pp show ${result.session}`], paint),
  ]
}

/** The verdict as a word in its colour: yes, no, or undecided. */
export function verdictWord(verdict: string, paint: TerminalStyles): string {
  const status = (STATUS_OF_VERDICT as Readonly<Record<string, number>>)[verdict]
  if (status === 0 || verdict === 'REPRODUCED') return paint.strong(paint.good(verdict))
  return status === 1 || verdict === 'REFUTED' ? paint.strong(paint.bad(verdict)) : paint.strong(paint.unsure(verdict))
}

/** One execution: its step, its duration, and what it showed. */
export function runLine(run: RunSummary, paint: TerminalStyles): string {
  return `${escapeLine(run.on)} ${escapeLine(run.target)}, ${duration(run.durationMs)}, ${readingLine(run.reading, paint)}`
}

function isYes(result: ResultBody): boolean {
  return STATUS_OF_VERDICT[result.verdict] === 0
}

/** The name of a typed command says nothing, so it is left out. */
function targetLine(target: Target, several: boolean): string {
  const where = target.cwd === '' ? '' : `  (in ${target.cwd})`
  const text = spellCommand(target.command)
  return escapeLine(target.name === 'command' && !several ? `${text}${where}` : `${target.name}: ${text}${where}`)
}

/** The one change of a `prove` needs no number, no proposer and no verdict of its own. */
function attempts(result: ResultBody, paint: TerminalStyles): string[] {
  return result.attempts.flatMap((attempt) => [
    result.kind === 'prove' ? size(attempt) : attemptLine(attempt, paint),
    ...refusals(attempt),
  ])
}

function attemptLine(attempt: AttemptSummary, paint: TerminalStyles): string {
  const verdict = verdictWord(escapeLine(attempt.verdict), paint)
  const head = `${attempt.n}  ${verdict}  ${escapeLine(attempt.proposer)}, ${size(attempt)}`
  return attempt.reason === '' ? head : `${head}: ${escapeLine(attempt.reason)}`
}

function size({ files, insertions, deletions }: AttemptSummary): string {
  return `${files} ${files === 1 ? 'file' : 'files'} +${insertions} -${deletions}`
}

function refusals(attempt: AttemptSummary): string[] {
  return attempt.refusals.map((refusal) => {
    const rule =
      refusal.source === null ? refusal.rule : `${refusal.rule}, ${refusal.source.file}:${refusal.source.line}`
    return `   denied: ${escapeLine(`${refusal.message} (${rule})`)}`
  })
}

/**
 * `red 3/3 green 3/3`: how many of the fresh runs without and with the product had the result that a proof needs, and which
 * runs came before.
 */
function pairs(result: ResultBody): string[] {
  const { without, redAgain: red, greenAgain: green } = stepsOf(result)
  const { before: others, greens } = result.counts
  const reds = others ?? result.counts.reds
  if (red.all + green.all > 0) {
    const before = [
      ...(reds > red.all ? [`${reds - red.all} ${without} without the change`] : []),
      ...(greens > green.all ? [`${greens - green.all} green with it`] : []),
    ]
    const after = before.length === 0 ? '' : `, after ${before.join(' and ')}`
    const [first, second] = without === 'red' ? ['red', 'green'] : ['green without', 'green with']
    return [
      `${first} ${red.held}/${red.all}  ${second} ${green.held}/${green.all}  (in turn, each in a fresh worktree${after})`,
    ]
  }
  return isYes(result) && reds + greens > 0 ? [`none; ${countsLine(result)}`] : []
}

function judges(result: ResultBody): string[] {
  if (result.judgesChanged.length === 0) return []
  const whose = result.judges === 'change' ? 'red was shown with the tests of the change' : 'the change edits judges'
  return [`${whose}:`, ...result.judgesChanged.map((path) => `  ${escapeLine(path)}`)]
}

function minimal(result: ResultBody): string[] {
  if (result.final === null) return []
  if (result.minimal === 'shown') return ['no part of the change can be left out']
  return result.minimal === 'not finished' ? ['not finished; parts of the change may not be needed'] : []
}

/** Changed lines that no test ran; the rest of a long list is in the record. */
function notRun({ executed, session }: ResultBody): readonly string[] {
  if (!executed) return []
  return firstLines(notRunLines(executed).map(escapeLine), MOST_PLACES, `git pp report ${session}`)
}

function signed({ attestation }: ResultBody): string[] {
  if (attestation === undefined) return []
  return attestation === null ? ['no'] : [escapeLine(`${attestation.mode}, key ${attestation.fingerprint}`)]
}

function notShown(result: ResultBody): string[] {
  const always = isYes(result) && result.verdict !== 'ALREADY_GREEN' ? [LIMITS] : []
  return [...new Set([...always, ...result.notShown])].map((line) => `- ${escapeLine(line)}`)
}

/** The strongest remarks on the code of the change. */
function lookAt(result: ResultBody): string[] {
  const lines = remarkLines(result).map(escapeLine)
  const more = lines.length - MOST_PLACES
  const rest = more > 0 ? [`and ${more} more; git pp report ${result.session} --format html lists them all`] : []
  return [...lines.slice(0, MOST_PLACES), ...rest]
}

function patch(result: ResultBody, paint: TerminalStyles, most: number): string[] {
  if (result.patch === null || result.patch === '' || most === 0) return []
  const lines = escapeText(result.patch.replace(/\n$/, ''))
    .split('\n')
    .map((line) => diffLine(line, paint))
  const label = isYes(result) ? 'patch' : 'closest'
  return [paint.faint(`${label}:`), ...firstLines(lines, most, `git pp show ${result.session}`)]
}

function diffLine(line: string, paint: TerminalStyles): string {
  if (/^(diff|index|---|\+\+\+|new|deleted|old|similarity) /.test(line)) return paint.strong(line)
  if (line.startsWith('@@')) return paint.unsure(line)
  if (line.startsWith('+')) return paint.good(line)
  return line.startsWith('-') ? paint.bad(line) : line
}

/** A snapshot is on no branch, so a cherry-pick of a commit on it would conflict with the uncommitted work in it. */
function taking({ session, snapshot }: ResultBody, final: string): string {
  return snapshot ? `git pp apply ${session}` : `git cherry-pick ${final.slice(0, 12)}`
}

/** What to type next; `shown`: this is the text of `show`, so `show` is not suggested again. */
export function nextSteps(result: ResultBody, paint: TerminalStyles, shown = false): string[] {
  const { session, base, final, verdict, kind, mend } = result
  const take = kind === 'run' && final !== null && isYes(result) ? [taking(result, final)] : []
  const again =
    verdict === 'PROVED' || verdict === 'STABILIZED' || verdict === 'PRESERVED' ? [`git pp replay ${session}`] : []
  const look = verdict === 'ALREADY_GREEN' || shown || base === null ? [] : [`git pp show ${session}`]
  return [
    ...labelledBlock('try', mend === null ? [] : mend.split('\n').map(escapeLine), paint),
    ...labelledBlock('next', [...take, ...again, ...look], paint),
  ]
}
