import type { DeclaredVerb } from '../../src/commands/completion/declared.ts'
import { owners, type SharedOption, sentences, sharedOptions } from './options.ts'

/** The forms of every verb, for SYNOPSIS. */
export function synopsis(verbs: readonly DeclaredVerb[]): string {
  return verbs.flatMap(({ usage }) => usage.map(form)).join('\n')
}

function form(usage: string): string {
  const [verb = '', ...words] = usage.split(' ')
  const set = (word: string) =>
    escaped(word.replaceAll(/[A-Z]{2,}/g, '\\fI$&\\fR').replaceAll(/(?<=^|\s)--(?=$|\s)/g, '\\fB--\\fR'))
  return [`\\fBgit pp ${escaped(verb)}\\fR`, ...words.map(set)].join(' ')
}

/** What every verb does, for VERBS: the paragraphs of its help. */
export function verbEntries(verbs: readonly DeclaredVerb[]): string {
  return verbs
    .map(({ name, description }) => ['.TP', `.B ${escaped(name)}`, ...description.map(paragraph)].join('\n'))
    .join('\n')
}

function paragraph(text: string, at: number): string {
  return [...(at === 0 ? [] : ['.IP']), ...lines(text)].join('\n')
}

/** The options of the verbs, a section for each set of verbs that shares them. */
export function optionSections(verbs: readonly DeclaredVerb[]): string {
  const sections = new Map<string, SharedOption[]>()
  for (const option of sharedOptions(verbs)) {
    const title = owners(option.of, verbs.length)
    sections.set(title, [...(sections.get(title) ?? []), option])
  }
  return [...sections]
    .map(([title, options]) =>
      [`.SS ${title === 'every verb' ? 'Every verb' : title}`, ...options.map(entry)].join('\n'),
    )
    .join('\n')
}

function entry(option: SharedOption): string {
  const { long, short, value } = option
  const names = [...(short === null ? [] : [`-${short}`]), `--${long}`].map((name) => `\\fB${escaped(name)}\\fR`)
  const takes = value === null ? '' : ` \\fI${escaped(value)}\\fR`
  return ['.TP', `${names.join(', ')}${takes}`, ...lines(sentences(option).join(' '))].join('\n')
}

/** A sentence a line, as roff wants it; options in bold. */
function lines(text: string): readonly string[] {
  return text.split(/(?<=[.:]) (?=[A-Z])/).map((sentence) => {
    const line = escaped(sentence).replaceAll(/(?<![\w-])(?:\\-){2}[a-z][a-z\\-]*/g, '\\fB$&\\fR')
    return /^[.']/.test(line) ? `\\&${line}` : line
  })
}

/** Backslashes do not occur in what verbs declare, but for those of fonts. */
const escaped = (text: string): string => text.replaceAll('-', '\\-')
