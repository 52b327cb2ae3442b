import { judgeKindOf } from '../judges/index.ts'
import { readScript, type ScriptStep } from './package-script.ts'
import { type DetectedRunner, firstExistingFile, type ProjectSurvey } from './project-survey.ts'

const TEST = /\.[cm]?[jt]sx?$/
const NO_TEST = /no test specified/
/** Programs in package.json's scripts that run tests, and their names in reports. */
const RUNNERS: Readonly<Record<string, string>> = {
  ava: 'ava',
  jest: 'jest',
  mocha: 'mocha',
  vitest: 'vitest',
  'react-scripts': 'jest',
  ...Object.fromEntries(
    ['tap', 'tape', 'uvu', 'jasmine', 'qunit', 'lab', 'borp', 'bun', 'deno'].map((name) => [name, name]),
  ),
}
const INTERPRETERS = ['node', 'tsx', 'ts-node']
const PROGRAMS = new Set([...Object.keys(RUNNERS), ...INTERPRETERS])
/** Programs that check the code without running it; the proof of a fix does not need them. */
const CHECKERS = new Set(
  `xo eslint standard prettier biome tsd tsc-check stylelint oxlint jshint jscs semistandard commitlint knip publint attw size-limit tstyche
  depcruise madge cspell markdownlint remark echo nyc c8 codecov lockfile-lint npmignore evalmd auto-changelog dtslint prettier-standard ls-lint eclint aud`.split(
    /\s+/,
  ),
)
/** Used without a test script: packages whose presence shows how tests run, and how each is called. */
const CALLED: Readonly<Record<string, string>> = {
  vitest: 'run',
  jest: '',
  ava: '',
  mocha: '',
  tap: '',
  tape: '"test/**/*.js"',
}

/** The test script of package.json without its linters, else a runner that it depends on, else node:test. */
export function detectNode(survey: ProjectSurvey): DetectedRunner | null {
  const manifest = manifestOf(survey)
  const tests = survey.files.filter((path) => TEST.test(path) && judgeKindOf(path, []) === 'test')
  if (manifest === null && tests.length === 0) return null
  const shared = { tests, judges: [], also: [], setup: setupOf(survey) }
  const steps =
    manifest && !NO_TEST.test(String(manifest.scripts['test'])) ? readScript(manifest.scripts, 'test', PROGRAMS) : null
  if (steps !== null && steps.length > 0) return { ...shared, ...ofScript(survey, steps) }
  const depended = Object.keys(CALLED).find((name) => manifest?.needs.has(name))
  if (depended !== undefined && tests.length > 0) {
    const step = { assigned: [], program: depended, rest: CALLED[depended] ?? '' }
    return { ...shared, runner: depended, because: `package.json depends on ${depended}`, cmd: spelled(survey, step) }
  }
  const own = tests.find((path) => /['"]node:test['"]/.test(survey.text(path) ?? ''))
  if (own === undefined) return null
  const typed = own.endsWith('ts') && survey.installed('node_modules/.bin/tsx') !== null ? ' --import tsx' : ''
  return { ...shared, runner: 'node:test', because: `${own} imports it`, cmd: `node${typed} --test` }
}

interface PackageManifest {
  readonly scripts: Readonly<Record<string, unknown>>
  readonly needs: ReadonlySet<string>
}

function manifestOf(survey: ProjectSurvey): PackageManifest | null {
  const text = survey.files.includes('package.json') ? survey.text('package.json') : null
  if (text === null) return null
  const json = objectOf(parsed(text))
  const needs = ['dependencies', 'devDependencies'].flatMap((key) => Object.keys(objectOf(json[key])))
  return { scripts: objectOf(json['scripts']), needs: new Set(needs) }
}

function ofScript(
  survey: ProjectSurvey,
  steps: readonly ScriptStep[],
): Pick<DetectedRunner, 'runner' | 'because' | 'cmd' | 'judges' | 'also'> {
  const kept = steps.filter((step) => !checks(step))
  const runners = kept.flatMap((step) => runnerOf(step) ?? [])
  const [runner] = runners
  if (runner === undefined) {
    const because = 'package.json has a test script, but git pp does not know the runner that it starts'
    return { runner: 'npm', because, cmd: 'npm test', judges: [], also: [] }
  }
  // Steps after the last test, such as a coverage report, are not needed.
  const last = kept.findLastIndex((step) => runnerOf(step) !== null)
  return {
    runner,
    because: 'the test script of package.json runs it',
    cmd: kept
      .slice(0, last + 1)
      .map((step) => spelled(survey, step))
      .join(' && '),
    judges: kept
      .flatMap(({ rest }) => rest.split(' '))
      .filter((word) => survey.files.includes(word) && isUnknownTest(word)),
    also: steps
      .filter(checks)
      .filter(({ program }) => !['echo', 'nyc', 'c8'].includes(program))
      .map((step) => spelled(survey, step)),
  }
}

function checks({ program, rest }: ScriptStep): boolean {
  return CHECKERS.has(program) || (program === 'tsc' && /--noEmit\b/.test(rest)) || /^(?:npm|yarn|pnpm)$/.test(program)
}

function runnerOf({ program, rest }: ScriptStep): string | null {
  if (!INTERPRETERS.includes(program)) return RUNNERS[program] ?? null
  if (/(?:^| )--test\b/.test(rest)) return 'node:test'
  return rest.split(' ').some((word) => TEST.test(word) || /^(?:\.\/)?tests?\/?$/.test(word)) ? program : null
}

function isUnknownTest(path: string): boolean {
  return TEST.test(path) && judgeKindOf(path, []) === null
}

/** A step as sh finds it: programs of dependencies are called by their path, which is much faster than npx. */
function spelled(survey: ProjectSurvey, step: ScriptStep): string {
  const own = ['node', 'bun', 'deno', 'npm', 'yarn', 'pnpm', 'rm', 'mkdir', 'cp', 'cd', 'sh'].includes(step.program)
  const program = own
    ? step.program
    : (survey.installed(`node_modules/.bin/${step.program}`) ?? `npx --no-install ${step.program}`)
  return [...step.assigned, program, tuned(step)].filter((word) => word !== '').join(' ')
}

/** The arguments for a run that runs once, names its tests if possible, and measures no coverage. */
function tuned({ program, rest }: ScriptStep): string {
  const words = rest.split(' ').filter((word) => word !== '' && !/^--(?:coverage|watch|watchAll)$/.test(word))
  if (program === 'vitest' && !words.some((word) => /^(?:run|bench|typecheck|--run)$/.test(word))) words.unshift('run')
  if (program === 'jest' && !words.includes('--verbose')) words.push('--verbose')
  if (program === 'react-scripts') words.push('--watchAll=false')
  return words.join(' ')
}

function setupOf(survey: ProjectSurvey): string | null {
  const commands: Readonly<Record<string, string>> = {
    'package-lock.json': 'npm ci',
    'npm-shrinkwrap.json': 'npm ci',
    'yarn.lock': 'yarn install --frozen-lockfile',
    'pnpm-lock.yaml': 'pnpm install --frozen-lockfile',
    'bun.lock': 'bun install --frozen-lockfile',
    'package.json': 'npm install --no-package-lock',
  }
  const file = firstExistingFile(survey, Object.keys(commands))
  return file === null ? null : (commands[file] ?? null)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
