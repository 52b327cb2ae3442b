import { NOT_RUN, notRunLines } from '../core/executed/index.ts'
import { LIMITS, LOOK_AT, modelUseLine, remarkLines, sandboxLine, weakIsolationPhrase } from '../core/record/index.ts'
import { spellCommand } from '../model/command.ts'
import { isBare } from '../model/kinds.ts'
import type { LocalProofFacts, ProofView } from '../model/proof-view.ts'
import { statusOfVerification, type Verification } from '../model/verification.ts'
import { firstLine } from './escape.ts'
import { GATE_STORY, gateStory } from './gate-story.ts'
import { outputComparison } from './html/evidence.ts'
import { badge, bulletList, diffBox, section } from './html/html-parts.ts'
import { html, type Markup } from './html/markup.ts'
import { STYLE } from './html/style.ts'
import { timeline, toneOf } from './html/timeline.ts'
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

/** Nothing is loaded and no script runs, even if foreign markup got through by mistake. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** One page with a complete proof: no script, no request. `verified`: what a verifier finds here and now. */
export function reportHtml(view: ProofView, verified: Verification | null, here: LocalProofFacts): string {
  const { result } = view
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${result.verdict}: session ${view.session}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#change">Skip to the change</a>
<header>
<h1>${badge(result.verdict, toneOf(result.verdict))} ${result.reason}${weakIsolationPhrase(result)}</h1>
${steps(view)}
</header>
<main>
${warnings(view)}
${section('change', 'The change', change(view))}
${section('evidence', 'Evidence, side by side', outputComparison(view.files))}
${section('timeline', 'What happened', [timeline(view)])}
${story(here)}
${section('open', 'Not shown', [bulletList([LIMITS, ...result.notShown].map((line) => html`${line}`))])}
${verified === null ? html`` : section('verifier', 'What a verifier says', verifier(verified))}
${section('facts', 'Facts', [facts(view, here)])}
</main>
</body>
</html>
`
  return page.markup
}

function steps({ result }: ProofView): Markup {
  const { without, base, change, redAgain, greenAgain } = stepsOf(result)
  const step = (what: string, colour: 'red' | 'green', { held, all }: RoundTally) =>
    all === 0
      ? html``
      : html`<li>${what}<span class="count ${colour === 'red' ? 'bad' : 'good'}">${colour} ${held} of ${all}</span></li>`
  return html`<ol class="steps" aria-label="Runs, in order">${[
    step('Without the change', without, base),
    step('With the change', 'green', change),
    step('Again without it', without, redAgain),
    step('Again with it', 'green', greenAgain),
  ]}</ol>`
}

/** What a reader has to know first. */
function story({ gate }: LocalProofFacts): Markup {
  const lines = gateStory(gate)
  return lines.length === 0 ? html`` : section('gate', GATE_STORY, [bulletList(lines.map((line) => html`${line}`))])
}

function warnings({ result }: ProofView): Markup {
  const bare = result.runs.length > 0 && isBare(result.sandbox)
  const byItself = changedFiles(result).flatMap(({ path, byItself: why }) =>
    why === null ? [] : [html`<code>${path}</code> runs by itself (${why})`],
  )
  const all = [
    ...(bare ? [html`The commands ran without a sandbox.`] : []),
    ...byItself,
    ...result.warnings.map((text) => html`${text}`),
  ]
  return all.length === 0 ? html`` : section('first', 'Read this first', [bulletList(all)])
}

function change({ result, changedTests }: ProofView): readonly Markup[] {
  const files = changedFiles(result).map(
    (file) => html`<code>${file.path}</code>: ${changeLine(file)}${file.byItself === null ? null : ', runs by itself'}`,
  )
  const failed = result.failures.map(
    ({ id, message }) => html`<code>${id}</code>${message === '' ? null : `: ${firstLine(message)}`}`,
  )
  const passes = result.flipped.map((id) => html`<code>${id}</code>`)
  const titled = (title: string, items: readonly Markup[]) =>
    items.length === 0 ? html`` : html`<h3>${title}</h3>${bulletList(items)}`
  const patch = result.patch === null || result.patch === '' ? html`` : diffBox('patch', result.patch)
  const tests = changedTests.map(({ id, is }) => html`${is}: <code>${id}</code>`)
  return [
    titled('What failed', failed),
    titled(
      'What tests ask for now',
      expectationLines(result).map((line) => html`<code>${line}</code>`),
    ),
    titled(
      'If this is meant',
      linesToType(result).map((line) => html`<code>${line}</code>`),
    ),
    titled('What passes now', passes),
    titled(
      NOT_RUN,
      (result.executed ? notRunLines(result.executed) : []).map((line) => html`<code>${line}</code>`),
    ),
    titled('Tests that the change touches', tests),
    titled(
      'Separate commands that passed',
      passedSeparateCommands(result).map((name) => html`${name}`),
    ),
    titled('Files', files),
    titled(
      LOOK_AT,
      remarkLines(result).map((line) => html`${line}`),
    ),
    patch,
  ]
}

function verifier(verified: Verification): readonly Markup[] {
  const { verdict, reason, checks, cautions } = verified
  const status = statusOfVerification(verified)
  const rows = checks.map(
    ({ check, ok, detail }) =>
      html`<tr><th scope="row">${check}</th><td>${badge(ok ? 'ok' : 'no', ok ? 'good' : 'bad')}</td><td>${detail}</td></tr>`,
  )
  const head = html`<tr><th scope="col">check</th><th scope="col">result</th><th scope="col">detail</th></tr>`
  return [
    html`<p>${badge(verdict, status === 0 ? 'good' : status === 1 ? 'bad' : 'unsure')} ${reason}</p>`,
    html`<table><caption>What git pp verify said where this page was made. Run it yourself to be sure.</caption><thead>${head}</thead><tbody>${rows}</tbody></table>`,
    bulletList(cautions.map((text) => html`${text}`)),
  ]
}

function signers(view: ProofView): Markup {
  const claims = view.attestations.map((claim) => html`<code>${claimLine(claim)}</code>`)
  return html`${bulletList(claims)}<code>${verifyCommand(view)}</code>: ${WHOSE_KEY}`
}

function facts(view: ProofView, here: LocalProofFacts): Markup {
  const { result, session, commit } = view
  const commands = result.targets.map(
    ({ name, command, cwd }) =>
      html`${name}: <code>${spellCommand(command)}</code>${cwd === '' ? null : ` in ${cwd}`} `,
  )
  const row = (name: string, value: Markup) => html`<dt>${name}</dt><dd>${value}</dd>`
  return html`<dl>${[
    row('command', html`${commands}`),
    row('session', html`<code>${session}</code> (${result.kind})`),
    row('commit', html`<code>${commit ?? 'none'}</code>${here.commit === null ? null : ` ${commitLine(here.commit)}`}`),
    row(
      'base',
      html`<code>${result.base ?? 'none'}</code>${result.snapshot ? ', a snapshot of uncommitted work' : null}`,
    ),
    row('sandbox', html`${sandboxLine(result)}`),
    ...(result.spent ? [row('model', html`${modelUseLine(result.spent)}`)] : []),
    row('proved by', html`${view.author}`),
    row('time', html`${view.startedAt} to ${view.finishedAt}`),
    row('manifest', html`<code>sha256:${view.manifest}</code>`),
    ...(view.attestations.length === 0 ? [] : [row('signed, as the attestations say', signers(view))]),
    row('run it again', html`<code>${replayCommand(view)}</code> ${installHint(view)}`),
  ]}</dl>`
}
