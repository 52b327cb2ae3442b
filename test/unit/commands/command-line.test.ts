import { execFileSync } from 'node:child_process'
import test from 'ava'
import fc from 'fast-check'
import {
  asksForJson,
  type CommandGrammar,
  type ParsedCommandLine,
  parseCommandLine,
  type UsageError,
} from '../../../src/commands/command-line.ts'

const options = [
  { long: 'json', takesValue: false },
  { long: 'quiet', short: 'q', takesValue: false },
  { long: 'target', takesValue: true },
  { long: 'timeout', takesValue: true },
]
const run: CommandGrammar = { verb: 'run', options, words: 1, command: true }
const prove: CommandGrammar = { verb: 'prove', options, words: 2, command: true }
const show: CommandGrammar = { verb: 'show', options, words: 1, command: false }
const log: CommandGrammar = {
  verb: 'log',
  options: [...options, { long: 'limit', short: 'n', takesValue: true }],
  words: 0,
  command: false,
}

const typed = (words: readonly string[], more: Partial<ParsedCommandLine> = {}): ParsedCommandLine => ({
  ok: true,
  options: [],
  words,
  argv: null,
  ...more,
})

function misuse(read: ParsedCommandLine | UsageError): UsageError {
  if (read.ok) throw new Error(`was accepted: ${JSON.stringify(read)}`)
  return read
}

const accepted: readonly [CommandGrammar, readonly string[], ParsedCommandLine][] = [
  [log, ['-20'], typed([], { options: ['--limit=20'] })],
  [log, ['-n', '20'], typed([], { options: ['--limit=20'] })],
  [run, [], typed([])],
  [run, ['pytest'], typed(['pytest'])],
  [run, ['pytest -q'], typed(['pytest -q'])],
  [run, ['-'], typed(['-'])],
  [run, ['a\nb'], typed(['a\nb'])],
  [run, ['-q', 'pytest'], typed(['pytest'], { options: ['--quiet'] })],
  [run, ['--target', 'unit'], typed([], { options: ['--target=unit'] })],
  [run, ['--target=unit', 'pytest'], typed(['pytest'], { options: ['--target=unit'] })],
  [run, ['--target==', 'pytest'], typed(['pytest'], { options: ['--target=='] })],
  [run, ['--target=-x', 'pytest'], typed(['pytest'], { options: ['--target=-x'] })],
  [run, ['pytest', '--json'], typed(['pytest'], { options: ['--json'] })],
  [run, ['pytest', '--timeout', '5'], typed(['pytest'], { options: ['--timeout=5'] })],
  [run, ['--', 'pytest', '-q'], typed([], { argv: ['pytest', '-q'] })],
  [run, ['--', 'pytest', '--json'], typed([], { argv: ['pytest', '--json'] })],
  [run, ['--', 'pytest', '--', 'x', ''], typed([], { argv: ['pytest', '--', 'x', ''] })],
  [run, ['--json', '--', '-q'], typed([], { options: ['--json'], argv: ['-q'] })],
  [prove, ['HEAD'], typed(['HEAD'])],
  [prove, ['HEAD', '-q', '--', 'pytest', '-q'], typed(['HEAD'], { options: ['--quiet'], argv: ['pytest', '-q'] })],
  [prove, ['HEAD', 'pytest -q'], typed(['HEAD', 'pytest -q'])],
  [prove, ['HEAD', '--json', 'pytest -q'], typed(['HEAD', 'pytest -q'], { options: ['--json'] })],
  [prove, ['HEAD', '--', 'pytest', '-q'], typed(['HEAD'], { argv: ['pytest', '-q'] })],
  [prove, ['--', 'pytest'], typed([], { argv: ['pytest'] })],
  [show, ['HEAD', '--json'], typed(['HEAD'], { options: ['--json'] })],
  [show, ['HEAD', '-q'], typed(['HEAD'], { options: ['--quiet'] })],
  [show, ['--', '-odd-dir'], typed(['-odd-dir'])],
  [log, ['-n', '5'], typed([], { options: ['--limit=5'] })],
]

for (const [grammar, argv, expected] of accepted) {
  test(`${grammar.verb} ${JSON.stringify(argv)} is read as typed`, (t) => {
    t.deepEqual(parseCommandLine(argv, grammar), expected)
  })
}

const hints: readonly [CommandGrammar, readonly string[], string][] = [
  [run, ['pytest', '-q'], 'quote it: git pp run "pytest -q"   or: git pp run -- pytest -q'],
  [run, ['pytest', '-q', 'tests'], 'quote it: git pp run "pytest -q tests"   or: git pp run -- pytest -q tests'],
  [run, ['pytest', 'tests'], 'quote it: git pp run "pytest tests"   or: git pp run -- pytest tests'],
  [
    run,
    ['pytest', '--maxfail', '2'],
    'quote it: git pp run "pytest --maxfail 2"   or: git pp run -- pytest --maxfail 2',
  ],
  [run, ['pytest', '-h'], 'quote it: git pp run "pytest -h"   or: git pp run -- pytest -h'],
  [run, ['pytest', '--json', '-q'], 'quote it: git pp run "pytest -q"   or: git pp run -- pytest -q'],
  [run, ['pytest', '-q', '--target', 'x', 'y'], 'quote it: git pp run "pytest -q y"   or: git pp run -- pytest -q y'],
  [
    run,
    ['--json', 'make', 'test', '--', 'x'],
    'quote it: git pp run "make test -- x"   or: git pp run -- make test -- x',
  ],
  [run, ['pytest', '-k', 'a or b'], `quote it: git pp run "pytest -k 'a or b'"   or: git pp run -- pytest -k 'a or b'`],
  [run, ['echo', '$HOME'], `quote it: git pp run 'echo '\\''$HOME'\\'''   or: git pp run -- echo '$HOME'`],
  [run, ["tape 'test/*.js'", '-q'], `quote it: git pp run "tape 'test/*.js' -q"`],
  [prove, ['HEAD', 'pytest', '-q'], 'quote it: git pp prove HEAD "pytest -q"   or: git pp prove HEAD -- pytest -q'],
  [prove, ['pytest', '-q'], 'quote it: git pp prove "pytest -q"   or: git pp prove -- pytest -q'],
  [prove, ['HEAD', 'npm', 'test'], 'quote it: git pp prove HEAD "npm test"   or: git pp prove HEAD -- npm test'],
]

for (const [grammar, argv, mend] of hints) {
  test(`${grammar.verb} ${JSON.stringify(argv)} runs nothing and says how to quote`, (t) => {
    t.is(misuse(parseCommandLine(argv, grammar)).mend, mend)
  })
}

const refused: readonly [CommandGrammar, readonly string[], RegExp][] = [
  [run, [''], /COMMAND of run is empty/],
  [run, [' \t'], /COMMAND of run is empty/],
  [run, ['--'], /there is no command after --/],
  [run, ['--', ''], /there is no command after --/],
  [run, ['pytest', '--', '-q'], /two commands: "pytest" and the words after --/],
  [run, ['pytest', '--'], /two commands: "pytest" and the words after --/],
  [run, ['pytest', ''], /COMMAND|empty|loose/],
  [run, ['--target'], /--target needs a value/],
  [run, ['--target', ''], /--target needs a value/],
  [run, ['--target', '--json', 'pytest'], /--target needs a value, but --json looks like an option/],
  [run, ['--target', '--', 'pytest'], /--target needs a value, but -- looks like an option/],
  [run, ['--json=yes', 'pytest'], /--json takes no value/],
  [run, ['-x', 'pytest'], /git pp run has no option -x/],
  [run, ['-qx', 'pytest'], /git pp run has no option -qx/],
  [prove, ['HEAD', 'pytest', '--', 'x'], /two commands: "pytest" and the words after --/],
  [prove, ['HEAD', ''], /COMMAND of prove is empty/],
  [prove, ['', 'pytest'], /word 1 of prove is empty/],
  [show, ['a', 'b'], /unexpected "b"; git pp show takes at most one word/],
  [show, ['--', 'a', 'b'], /unexpected "b"/],
  [log, ['x'], /unexpected "x"; git pp log takes no words/],
]

for (const [grammar, argv, message] of refused) {
  test(`${grammar.verb} ${JSON.stringify(argv)} is refused`, (t) => {
    t.regex(misuse(parseCommandLine(argv, grammar)).message, message)
  })
}

test('the sentence names the loose word, and where it goes if it is ours', (t) => {
  const message = (...words: string[]) => misuse(parseCommandLine(words, run)).message
  const loose = (word: string) => `unexpected "${word}" after the command "pytest": the whole command must be one word`
  t.is(message('pytest', '-x', 'tests'), loose('-x'))
  t.is(message('pytest', '-q', 'tests'), `${loose('-q')}; if you mean -q of git pp, write it before the command`)
})

test('a mistyped option behind the command is told its neighbour, and quoting only where the command was not quoted', (t) => {
  const mend = (...words: string[]) => misuse(parseCommandLine(words, run)).mend
  t.is(mend('pytest -q', '--tiemout', '5'), 'did you mean --timeout?')
  t.is(
    mend('pytest', '--tiemout', '5'),
    'did you mean --timeout?\nquote it: git pp run "pytest --tiemout 5"   or: git pp run -- pytest --tiemout 5',
  )
})

test('a value that is none of those there are is refused with all of them', (t) => {
  const network = { long: 'network', takesValue: true, values: ['deny', 'allow'] }
  const grammar = { ...run, options: [...options, network] }
  t.is(
    misuse(parseCommandLine(['--network', 'no', 'pytest'], grammar)).message,
    '--network no: this must be one of deny, allow',
  )
  t.is(
    misuse(parseCommandLine(['pytest', '--network=no'], grammar)).message,
    '--network no: this must be one of deny, allow',
  )
})

test('a mistyped option is told its neighbour', (t) => {
  t.is(misuse(parseCommandLine(['--tiemout=5', 'pytest'], run)).mend, 'did you mean --timeout?')
})

const plain = fc.string({ minLength: 1 }).filter((word) => !word.startsWith('-') && !word.includes('\0'))

test('plain words run exactly as quoted, or not at all', (t) => {
  fc.assert(
    fc.property(fc.array(plain), (words) => {
      const read = parseCommandLine(words, run)
      if (!read.ok) return words.length !== 1 || words[0]?.trim() === ''
      return (
        read.argv === null &&
        read.options.length === 0 &&
        read.words.join('\0') === words.join('\0') &&
        words.length < 2
      )
    }),
  )
  t.pass()
})

const anything = fc.oneof(
  plain,
  fc.constantFrom('--', '-q', '-x', '--json', '--target', '--target=a', '--bogus', '-', ''),
)

test('whatever is typed, a command that runs is one typed word, and nothing but our own options stands around it', (t) => {
  fc.assert(
    fc.property(fc.array(anything), (argv) => {
      const read = parseCommandLine(argv, run)
      if (!read.ok) return true
      if (read.argv !== null) return argv.slice(argv.indexOf('--') + 1).join('\0') === read.argv.join('\0')
      const ours = read.options.flatMap((option) => option.split(/=(.*)/s, 2)).filter((part) => part !== '')
      return argv.length <= read.words.length + ours.length && read.words.every((word) => argv.includes(word))
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('the hint, typed into a shell, says the same words', (t) => {
  const nasty = [
    ['pytest', '-k', "it's"],
    ['echo', '$HOME', '`id`', '"x"', '\\'],
    ['a', '!!', '*.py', '~', 'x=1', ' '],
  ]
  for (const words of nasty) {
    const [, quoted = '', argv = ''] =
      /^quote it: (.*) {3}or: (.*)$/.exec(misuse(parseCommandLine(words, run)).mend ?? '') ?? []
    const git = `git() { shift 2; if [ "$1" = -- ]; then shift; printf '%s\\n' "$@"; else eval "printf '%s\\n' $1"; fi; }`
    for (const line of [quoted, argv]) {
      const said = execFileSync('sh', ['-c', `${git}; ${line}`], { encoding: 'utf8' })
      t.deepEqual(said.slice(0, -1).split('\n'), words, line)
    }
  }
})

test('--json after -- belongs to the command', (t) => {
  t.true(asksForJson(['run', 'x', '--json']))
  t.false(asksForJson(['run', '--', 'x', '--json']))
})
