import { NOT_RUN, notRunLines } from '../core/executed/index.ts'
import { LIMITS, LOOK_AT, modelUseLine, remarkLines, sandboxLine, weakIsolationPhrase } from '../core/record/index.ts'
import { shellWord, spellCommand } from '../model/command.ts'
import type { LocalProofFacts, ProofView } from '../model/proof-view.ts'
import type { Verification } from '../model/verification.ts'
import { escapeLine, escapeText, firstLine } from './escape.ts'
import { GATE_STORY, gateStory } from './gate-story.ts'
import {
  changedFiles,
  changeLine,
  commitLine,
  expectationLines,
  linesToType,
  passedSeparateCommands,
  type RoundTally,
  stepsOf,
} from './proof-steps.ts'
import { installHint, replayCommand } from './replay-command.ts'
import { claimLine, verifyCommand, WHOSE_KEY } from './signers.ts'

/** In characters: the size of the whole block, and of the diff in it; a comment can have 65,536. */
const ROOM = 60_000
const DIFF_ROOM = 20_000
/** Limits for foreign text, so that the block stays below the 65,536 characters of a comment, whatever a proof says. */
const MOST_LINES = 20
const LONGEST = 300

/**
 * A block for a pull request. All foreign text (tests, paths, commands, reasons) is in fences that are longer than any fence
 * in it, so that no host turns it into a link, a mention, a closing keyword or markup. `verified`: what a verifier finds here
 * and now.
 */
export function reportMarkdown(view: ProofView, verified: Verification | null, here: LocalProofFacts): string {
  const { result, commit } = view
  const first = installHint(view)
  const files = changedFiles(result)
  const byItself = files.filter((file) => file.byItself !== null)
  const failed = result.failures.map(({ id, message }) => (message === '' ? id : `${id}: ${firstLine(message)}`))
  const parts = [
    `### ${result.verdict}`,
    fenced([`${result.reason}${weakIsolationPhrase(result)}`]),
    ...section(
      'Runs by itself, so read it first',
      byItself.map(({ path, byItself: why }) => `${path} (${why})`),
    ),
    ...steps(view),
    ...section('Commit', commits(view, here)),
    ...section(
      'Command',
      result.targets.map(
        ({ name, command, cwd }) => `${name}: ${spellCommand(command)}${cwd === '' ? '' : ` (in ${cwd})`}`,
      ),
    ),
    ...section('What failed', failed),
    ...section('What tests ask for now', expectationLines(result)),
    ...section('If this is meant', linesToType(result)),
    ...section('What passes now', result.flipped),
    ...section(NOT_RUN, result.executed ? notRunLines(result.executed) : []),
    ...section(
      'Tests that the change touches',
      view.changedTests.map(({ id, is }) => `${is}: ${id}`),
    ),
    ...section('Separate commands that passed', passedSeparateCommands(result)),
    ...section(
      'Changed files',
      files.map((file) => `${file.path} (${changeLine(file)})`),
    ),
    ...section(LOOK_AT, remarkLines(result)),
    ...section(GATE_STORY, gateStory(here.gate)),
    ...section('Warnings', result.warnings),
    ...section('Not checked', result.notShown),
    LIMITS,
    ...section('Signed, as the attestations say', view.attestations.map(claimLine)),
    '**Check it yourself**',
    fenced(
      [
        ...(commit === null || here.remote === null ? [] : [`git pp fetch ${shellWord(here.remote)} ${commit}`]),
        ...(commit === null ? [] : [verifyCommand(view)]),
        replayCommand(view),
      ],
      'sh',
    ),
    ...(first === null ? [] : [first]),
    ...(view.attestations.length === 0 ? [] : [WHOSE_KEY]),
    ...(verified ? [`A verifier said ${verified.verdict}:`, fenced([verified.reason])] : []),
  ]
  const text = parts.join('\n\n')
  return `${[text, ...diff(view, Math.min(DIFF_ROOM, ROOM - text.length))].join('\n\n')}\n`
}

/** What was proved, and where it starts from. */
function commits({ commit, result }: ProofView, here: LocalProofFacts): string[] {
  return [
    ...(commit === null ? [] : [`commit ${commit}${here.commit === null ? '' : ` ${commitLine(here.commit)}`}`]),
    ...(result.base === null
      ? []
      : [`base   ${result.base}${result.snapshot ? ', a snapshot of uncommitted work' : ''}`]),
  ]
}

/** The patch, folded; whole lines of it as far as there is room, and how many are missing. */
function diff({ commit, result: { patch } }: ProofView, room: number): string[] {
  const whole = commit === null ? 'the bundle has the whole diff' : `git show ${commit} prints the whole diff`
  if (patch === '') return []
  const lines = escapeText((patch ?? '').replace(/\n$/, '')).split('\n')
  let left = room
  const end = lines.findIndex((line) => {
    left -= line.length + 1
    return left < 0
  })
  const shown = end === -1 ? lines : lines.slice(0, end)
  const cut = patch === null || end !== -1 ? [`The diff is cut after ${patch === null ? 0 : end} lines: ${whole}.`] : []
  if (patch === null || shown.length === 0) return cut
  return ['<details><summary>The diff</summary>', block(shown.join('\n'), 'diff'), ...cut, '</details>']
}

/** Red, green, red, green, with the number of runs for each. */
function steps({ result }: ProofView): string[] {
  const { without, base, change, redAgain, greenAgain } = stepsOf(result)
  const row = (what: string, colour: string, { held, all }: RoundTally) =>
    all === 0 ? [] : [`| ${what} | ${colour} ${held} of ${all} |`]
  const rows = [
    ...row('without the change', without, base),
    ...row('with the change', 'green', change),
    ...row('again without it, in fresh work trees', without, redAgain),
    ...row('again with it, in fresh work trees', 'green', greenAgain),
  ]
  if (rows.length === 0) return []
  const sandbox = /^[a-z]+$/.test(result.sandbox) ? [`| sandbox | ${sandboxLine(result)} |`] : []
  const model = result.spent ? [`| model | ${modelUseLine(result.spent)} |`] : []
  return [['| run | result |', '| --- | --- |', ...rows, ...sandbox, ...model].join('\n')]
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`**${title}**`, fenced(lines)]
}

/** A code block that its content cannot close. Foreign lines are cut, and escaped if they contain invisible characters. */
function fenced(lines: readonly string[], language = 'text'): string {
  const more = lines.length - MOST_LINES
  const shown = [...lines.slice(0, MOST_LINES).map(shortened), ...(more > 0 ? [`(${more} more)`] : [])]
  return block(escapeText(shown.join('\n')), language)
}

function block(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

function shortened(line: string): string {
  const flat = escapeLine(line)
  return flat.length > LONGEST ? `${flat.slice(0, LONGEST).replace(/\p{Cs}$/u, '')} ...` : flat
}
