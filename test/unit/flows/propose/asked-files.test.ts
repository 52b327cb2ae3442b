import test from 'ava'
import { askedFiles } from '../../../../src/engine/flows/propose/asked-files.ts'
import type { VisibleFiles } from '../../../../src/engine/flows/propose/visible-files.ts'
import type { ProposerAnswer } from '../../../../src/engine/model/proposal.ts'
import type { Syntax } from '../../../../src/engine/ports/syntax.ts'
import { CALC, edits, proposerOf, RIGHT, runningWith } from '../../../support/fakes.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** Visible files, and the paths whose contents were read. */
function filesOf(texts: Readonly<Record<string, string>>): VisibleFiles & { readonly seen: string[] } {
  const seen: string[] = []
  const text = async (path: string) => {
    seen.push(path)
    return texts[path] ?? null
  }
  const bytes = async (path: string) => encode(texts[path] ?? '')
  return { paths: Object.keys(texts), has: (path) => path in texts, bytes, text, seen }
}

/** A language in which `def NAME` in one line is a function. */
const syntax: Syntax = {
  knows: () => true,
  isShell: async () => false,
  code: async () => null,
  functions: async (_, text) =>
    text.split('\n').flatMap((line, at) => {
      const name = /^def (\w+)/.exec(line)?.[1]
      return name === undefined ? [] : [{ name, start: at + 1, headEnd: at + 1, end: at + 1 }]
    }),
}

test('of one answer at most five files are shown', async (t) => {
  const names = Array.from({ length: 8 }, (_, n) => `f${n}.py`)
  const files = filesOf(Object.fromEntries(names.map((name) => [name, 'x = 1\n'])))
  const { places } = await askedFiles({ syntax }, files, `Please show ${names.join(', ')}.`)
  t.deepEqual(
    places.map(({ path }) => path),
    names.slice(0, 5),
  )
  t.deepEqual(files.seen, names.slice(0, 5))
})

test('a function is found by its name in every visible file', async (t) => {
  const files = filesOf({ 'a.py': 'x = 1\n', 'b.py': 'def other():\ndef scale(a):\n' })
  const { places } = await askedFiles({ syntax }, files, 'What does `scale()` do?')
  t.like(places, [{ path: 'b.py', line: null, slice: { name: 'scale', start: 2 } }])
})

test('what is hidden, what is missing and what is no text have no reason', async (t) => {
  const files: VisibleFiles = { ...filesOf({ 'a.py': 'x', 'b.bin': 'x' }), text: async () => null }
  const { places, missing } = await askedFiles({ syntax }, files, 'Show conf/secret.py, no.py and b.bin.')
  t.deepEqual(places, [])
  t.deepEqual(missing, ['conf/secret.py', 'no.py', 'b.bin'])
})

const words = (text: string): ProposerAnswer => ({
  how: 'reply',
  text,
  model: null,
  usage: { inputTokens: null, outputTokens: null },
})

test('a proposer that only talks does not keep the next one from being asked', async (t) => {
  const { result } = await runningWith(
    { base: CALC },
    proposerOf(words('I cannot see calc.js.')),
    proposerOf(edits(RIGHT)),
  )
  t.is(result.verdict, 'PROVED')
  t.is(result.attempts.length, 1)
})

test('what an answer asked for stays in all later requests', async (t) => {
  const more = { ...CALC, 'notes.md': 'the word is right\n', 'other.md': 'even\n' }
  const proposer = proposerOf(words('Show me notes.md.'), words('And other.md?'), edits(RIGHT))
  const { result } = await runningWith({ base: more }, proposer)
  t.is(result.verdict, 'PROVED')
  const shown = proposer.requests.map(
    ({ context }) => /You asked to see this:([\s\S]*?)Suspicious code/.exec(context)?.[1] ?? '',
  )
  t.deepEqual(
    shown.map((text) => ['notes.md', 'other.md'].map((name) => text.includes(`\n${name}:\n<<<FILE`))),
    [
      [false, false],
      [true, false],
      [true, true],
    ],
  )
})
