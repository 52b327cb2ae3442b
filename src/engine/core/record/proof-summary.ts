import { spellCommand } from '../../model/command.ts'
import { isBare } from '../../model/kinds.ts'
import type { FocusedRuns, SessionResult } from '../../model/session.ts'
import { executedPhrase, NOT_RUN, notRunLines } from '../executed/index.ts'
import { allowedJudgesPhrase } from '../judges/index.ts'
import { trialsLine } from '../trials/index.ts'

/** What no proof of this kind can show; it is part of every summary and report. */
export const LIMITS =
  'The command runs the patched code, and that code can forge its status, output and counts; a green does not say that the patch is what was meant.'

/** The heading of the places in a change that a reviewer should look at. */
export const LOOK_AT = 'Places to look at'

/** One line for each of these places, the strongest first. */
export function remarkLines({ remarks = [] }: Pick<SessionResult, 'remarks'>): readonly string[] {
  return remarks.map(({ sentence }) => sentence)
}

/** `final_summary.md` and the note for `git log --notes=pp/summary`: Markdown, foreign strings in code spans only. */
export function proofSummary(result: SessionResult): string {
  const lines = [
    `# ${result.verdict}${weakIsolationPhrase(result)}${allowedIn(result)}`,
    '',
    `${code(result.reason)}`,
    '',
    `- session: ${result.session}`,
    `- base: ${result.base ?? 'none'}`,
    ...result.targets.map(
      (target) =>
        `- ${target.name}: ${code(spellCommand(target.command))}${target.cwd ? ` in ${code(target.cwd)}` : ''}`,
    ),
    ...(result.trials ? [`- trials: ${trialsLine(result.trials)}`] : []),
    ...(result.focus ? [`- failing tests alone: ${focusLine(result.focus)}`] : []),
    `- runs: ${countsLine(result)}; judges: ${result.judges}; sandbox: ${sandboxLine(result)}`,
    ...(result.executed ? [`- ${executedPhrase(result.executed)}`] : []),
    `- minimal: ${result.minimal}`,
    ...section('Now passing', result.flipped),
    ...section(NOT_RUN, result.executed ? notRunLines(result.executed) : []),
    ...section('Judges that the change touches', result.judgesChanged),
    ...section(LOOK_AT, remarkLines(result)),
    ...section('Not checked', result.notShown),
    '',
    LIMITS,
    '',
    `Run it again: ${code(`git pp replay ${result.session}`)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** How many runs decided. */
export function countsLine({ counts: { before, reds, greens } }: Pick<SessionResult, 'counts'>): string {
  return before === undefined
    ? `red ${reds}, green ${greens}`
    : `green ${before} without the change, green ${greens} with it`
}

function focusLine({ targets, reds, greens }: FocusedRuns): string {
  const commands = targets.map(({ command }) => code(spellCommand(command))).join(', ')
  return `${reds} of the reds and ${greens} of the greens, by ${commands}`
}

function allowedIn({ allowed }: SessionResult): string {
  return allowed === undefined ? '' : `, ${code(allowedJudgesPhrase(allowed).replace(/; $/, ''))}`
}

function section(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, 20).map((item) => `- ${code(item)}`)
  const more = items.length > 20 ? [`- and ${items.length - 20} more`] : []
  return ['', `## ${title}`, ...shown, ...more]
}

/**
 * A code span that its content cannot close: control characters become blanks, and the span uses more backticks than the
 * content.
 */
function code(text: string): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 500)
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest > 0 ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`
}

/** The part of a first line, in brackets, that says how runs were less isolated than usual; '' if they were not. */
export function weakIsolationPhrase({
  runs,
  sandbox,
  network,
  variables,
}: Omit<SessionResult, 'schemaVersion'>): string {
  const parts = [
    ...(isBare(sandbox) ? ['without a sandbox'] : network === 'allow' ? ['network open'] : []),
    ...(variables.length > 0 ? [`sees variables ${variables.join(', ')}`] : []),
  ]
  return runs.length === 0 || parts.length === 0 ? '' : ` (${parts.join('; ')})`
}

/** The sandbox, and whether it allowed the network. */
export function sandboxLine({ sandbox, network }: Pick<SessionResult, 'sandbox' | 'network'>): string {
  return network === 'allow' ? `${sandbox}, network open` : sandbox
}
