/** How an interpreter reads its words. */
export interface InterpreterRules {
  /** Options whose value is the next word. */
  readonly values: RegExp
  /** Options whose value is a file to load: a setup, a configuration, or the script itself. */
  readonly loads: RegExp
  /** Options whose value is code, so that there is no script. */
  readonly code: RegExp
  /** Words before the script that name an action. */
  readonly verbs: RegExp
}

const NONE = /^(?!)/
const program = (said: Partial<InterpreterRules>): InterpreterRules => ({
  values: NONE,
  loads: NONE,
  code: NONE,
  verbs: NONE,
  ...said,
})

const LOADED =
  /^(?:-r|-c|-f|-p|--(?:require|import|(?:experimental-)?loader|config\w*|conf|rcfile|opts|file|makefile|setup\w*|global-?setup|preload|helper))$/i

/** Programs that run the first file among their words. */
const INTERPRETERS: readonly (readonly [RegExp, InterpreterRules])[] = [
  [/^(?:ba|da|z|k|a|fi|ya)?sh$/, program({ values: /^(?:[-+][oO]|--rcfile|--init-file)$/, code: /^-[a-z]*c[a-z]*$/ })],
  [/^(?:(?:python|pypy)[\d.]*|py)$/, program({ values: /^(?:-[WX]|--check-hash-based-pycs)$/, code: /^-[a-zA-Z]*c$/ })],
  [
    /^coverage[\d.]*$/,
    program({
      values: /^--(?:source\w*|omit|include|data-file|context|concurrency|debug)$/,
      loads: /^--rcfile$/,
      verbs: /^run$/,
    }),
  ],
  [
    /^(?:node|nodejs|bun|deno|tsx|ts-node|ts-node-esm|babel-node|qjs|electron)$/,
    program({
      values: /^(?:-[CLS]|--(?:conditions|title|input-type|env-file|project|tsconfig|test-[\w-]+|stack-trace-limit))$/,
      loads: LOADED,
      code: /^(?:-e|-p|-pe|--eval|--print)$/,
      verbs: /^(?:run|watch)$/,
    }),
  ],
  [/^[gm]?awk$/, program({ values: /^-[vF]$/, loads: /^(?:-f|--file)$/, code: /^[^-]/ })],
  [/^g?make$/, program({ values: /^-[CjIoWl]$/, loads: LOADED, code: /^[^-]/ })],
  [/^php[\d.]*$/, program({ values: /^-[dc]$/, loads: /^(?:-f|--file)$/, code: /^(?:-r|--run)$/ })],
  [
    /^(?:ruby|jruby|perl|lua(?:jit)?|Rscript|julia|tclsh|expect|guile|racket|elixir|escript|groovy|scala|kotlin|swift|dart|pwsh|raku|crystal|bb|clojure|nu|xonsh|osascript|zx)[\d.]*$/,
    program({ values: /^-[IC]$/, loads: /^(?:-r|-l|-f|-File)$/, code: /^-[a-zA-Z]*[eE]$/, verbs: /^run$/ }),
  ],
]

/** Programs that run tests: the files given to them are tests. */
const RUNNERS =
  /^(?:py\.?test[\d.]*|unittest|nose2|nosetests|trial|green|stestr|testr|zope-testrunner|ward|behave|robot|_?mocha|jest|vitest|ava|tap|tape|uvu|qunit|jasmine|karma|cucumber(?:-js)?|playwright|testcafe|cypress|wdio|web-test-runner|bats|rspec|minitest|cutest|phpunit|pest|codecept|kahlan|busted|lust|prove|shellspec|shunit2|roundup|bashunit|lit|node-tap|zora|lab|nightwatch)$/
/** Runners that take dotted names of modules. */
const DOTTED = /^(?:unittest|nose2|nosetests|trial|green|stestr|testr|zope-testrunner)$/

/** Programs that run the command after them. */
const WRAPPERS =
  /^(?:env|timeout|nice|ionice|nohup|time|stdbuf|setsid|exec|command|builtin|sudo|doas|chronic|unbuffer|xvfb-run|taskset|setarch|faketime|strace|ltrace|valgrind|catchsegv|flock|npx|pnpx|bunx|pnpm|npm|yarn|uvx?|poetry|pipenv|pdm|hatch|rye|pixi|conda|mamba|bundle|mise|direnv|dotenv|cross-env|nyc|c8|dbus-run-session|busybox|entr|watchexec)$/

/** Programs that compare files: every file given to them is a judge. */
const COMPARERS = /^(?:diff|cmp|comm|sdiff|diff3|colordiff|wdiff|dwdiff)$/

/** Programs that only look at files: what they look for is in the command's own words. */
const LOOKERS =
  /^(?:\[|\[\[|test|[ef]?grep|rg|ag|cat|head|tail|wc|jq|yq|sed|cut|sort|uniq|tr|ls|stat|file|find|xmllint|echo|printf|cp|mv|rm|ln|mkdir|touch|chmod|tee|cd|pushd|export|xargs|which|true|false|exit|git|tar|unzip)$/

/** '--config=x' → ['--config', 'x'], '-Wall' → ['-Wall', null]. */
export function splitOption(word: string): [option: string, value: string | null] {
  const at = word.indexOf('=')
  return word.startsWith('-') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, null]
}

/** 'a/b/python3.11' → 'python3.11'. */
export function programNameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/\.(?:exe|cmd)$/i, '')
}

export function interpreterOf(word: string): InterpreterRules | null {
  return INTERPRETERS.find(([pattern]) => pattern.test(programNameOf(word)))?.[1] ?? null
}

export const isRunner = (word: string): boolean => RUNNERS.test(programNameOf(word))
export const runsDottedModules = (word: string): boolean => DOTTED.test(programNameOf(word))
export const isShell = (word: string): boolean => /^(?:ba|da|z|k|a|fi|ya)?sh$/.test(programNameOf(word))
export const isPython = (word: string): boolean =>
  /^(?:(?:python|pypy)[\d.]*|py|coverage[\d.]*)$/.test(programNameOf(word))
export const runsScripts = (word: string): boolean =>
  /^(?:node|nodejs|bun|deno|tsx|ts-node(?:-esm)?|babel-node|_?mocha|jest|vitest|ava|tap)$/.test(programNameOf(word))
/** True for a word that may come before the program, if all words before it are such words, too. */
export const isCommandWrapper = (word: string, at: number): boolean =>
  WRAPPERS.test(programNameOf(word)) || (at > 0 && /^-|=|^[A-Z\d]+$|^\d|^(?:run|exec|x|dlx)$/.test(word))
/**
 * True for a program that is named by its path. Wrappers of Python and Node also run scripts that are not programs
 * themselves.
 */
export const isProgramPath = (word: string, at: number): boolean =>
  (at === 0 ? word.includes('/') : /\/|\.(?:py|sh|[cm]?[jt]s)$/.test(word)) && !/^-|=/.test(word)
export const comparesFiles = (word: string): boolean =>
  isDiffProgram(word) || /^(?:\[|\[\[|test|[ef]?grep|git|jq|\w+sum)$/.test(programNameOf(word))
/** The value of an option or of an assignment. */
export const optionValueOf = (word: string): string =>
  word.startsWith('-') ? (splitOption(word)[1] ?? '') : word.replace(/^\w+=/, '')
export const hasInlineCode = ({ code }: InterpreterRules, words: readonly string[]): boolean =>
  words.some((word) => code.test(word))
export const isDiffProgram = (word: string): boolean => COMPARERS.test(programNameOf(word))
export const onlyReadsFiles = (word: string): boolean => LOOKERS.test(programNameOf(word))
export const loadsFile = (option: string): boolean => LOADED.test(option)

/** True for a command whose operands are product files that contain their own tests. */
export function testsInside(words: readonly string[]): boolean {
  const first = programNameOf(words[0] ?? '')
  return words.some(
    (word, at) =>
      /^--x?doctest/.test(word) ||
      (word === 'doctest' && /^-[a-zA-Z]*m$/.test(words[at - 1] ?? '')) ||
      (first === 'rustc' && word === '--test') ||
      (first === 'zig' && word === 'test'),
  )
}

/** Options of runners that name what is measured or left out, never a test. */
export const namesProduct = (option: string): boolean =>
  /^--?(?:cov\w*|source\w*|include|omit|ignore\w*|exclude\w*|deselect|collect-?coverage-?from|related|find-?related-?tests|changed\w*|watch\w*|coverage[\w.]*|test-coverage-\w+)$/i.test(
    option,
  )

/** How many words of a package manager's command come before the words that it passes on to the tests; null: it runs no tests. */
export function packageTest(words: readonly string[]): number | null {
  const [first = '', verb = '', name = ''] = words
  if (!/^(?:npm|pnpm|yarn)$/.test(programNameOf(first))) return null
  if (/^(?:t|tst|test)$/.test(verb)) return 2
  return /^run(?:-script)?$/.test(verb) && /^test(?::.*)?$/.test(name) ? 3 : null
}

/** Whether a command finds its tests itself: a runner without a file, `npm test`, `make check`, `cargo test`. */
export function isSuite(words: readonly string[]): boolean {
  const [first = '', ...rest] = words
  if (onlyReadsFiles(first)) return false
  return (
    words.some(isRunner) || rest.slice(0, 2).some((word) => /^(?:tests?|check|spec|ctest|verify)(?::.*)?$/.test(word))
  )
}
