import type { Reading } from '../../model/evidence.ts'
import { html, type Markup } from './markup.ts'

/** In characters. Longer texts are cut in the page; the bundle has all of them. */
const LONGEST = 65_536

/** A box with a label that can be scrolled with the keyboard. */
export function box(label: string, content: Markup, kind = ''): Markup {
  return html`<pre class="${kind}" tabindex="0" role="group" aria-label="${label}">${content}</pre>`
}

/** Recorded text, unchanged. */
export function textBox(label: string, text: string): Markup {
  const cut = text.length > LONGEST ? '\n[... cut here; the bundle has the whole text ...]' : ''
  return box(label, html`${text.slice(0, LONGEST) + cut}`)
}

/** Each line keeps its own mark, so that colours only repeat what the mark says. */
export function diffBox(label: string, patch: string): Markup {
  const lines = patch.slice(0, LONGEST).replace(/\n$/, '').split('\n')
  return box(
    label,
    html`${lines.map((line) => html`<span class="${kindOf(line)}">${line === '' ? ' ' : line}</span>`)}`,
    'diff',
  )
}

function kindOf(line: string): string {
  if (/^(diff|index|---|\+\+\+|new|deleted|old|similarity) /.test(line)) return 'head'
  if (line.startsWith('@@')) return 'at'
  if (line.startsWith('+')) return 'add'
  return line.startsWith('-') ? 'del' : 'same'
}

export type Tone = 'good' | 'bad' | 'unsure'

export function badge(word: string, tone: Tone): Markup {
  return html`<span class="badge ${tone}">${word}</span>`
}

/** What a run showed, as a word and its reason. */
export function readingOf(reading: Reading): Markup {
  switch (reading.is) {
    case 'green':
      return badge('green', 'good')
    case 'red':
      return html`${badge('red', 'bad')} ${reading.reason}`
    case 'invalid':
      return html`${badge('no test failure', 'unsure')} ${reading.reason}`
    case 'undecided':
      return html`${badge('undecided', 'unsure')} ${reading.reason}`
  }
}

/** A list; nothing for an empty list. */
export function bulletList(items: readonly Markup[]): Markup {
  return items.length === 0 ? html`` : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`
}

export function foldedSection(label: string, content: Markup): Markup {
  return html`<details><summary>${label}</summary>${content}</details>`
}

/** A section of the page with a heading; nothing without content. */
export function section(id: string, title: string, content: readonly Markup[]): Markup {
  const all = content.filter(({ markup }) => markup !== '')
  return all.length === 0 ? html`` : html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${all}</section>`
}
