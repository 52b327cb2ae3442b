import type { Ended } from '../model/evidence.ts'
import { KEY_OF_BOUND } from './bounds.ts'

/** Why a red shows the want of something and no bug, and the one thing that would help. */
export interface Invalid {
  readonly reason: string
  readonly mend: string
}

export interface RedInput {
  /** Both streams, terminal escapes removed. */
  readonly output: string
  readonly ended: Ended
  /** Variables of the caller's environment that the command did not get. */
  readonly droppedVariables: readonly string[]
  readonly network: 'deny' | 'allow'
  /** Whether the repository itself holds something importable by that name. */
  readonly hasModule: (name: string) => boolean
  /** What the test runner says about itself: usage error, no tests. */
  readonly runnerInvalid: Invalid | null
}

/**
 * Null = a red like any other. A broken import of the repository's own is a bug, so it is red; and one failure that has
 * another cause makes the whole a red, however much else is missing.
 */
export function invalidRed(input: RedInput): Invalid | null {
  const { ended } = input
  if (ended.how === 'not-run' && ended.program !== undefined) return programMissing(ended.program)
  if (ended.how !== 'exited' || ended.code === 0) return null
  const output = input.output.slice(-SEARCHED)
  const failures = failureBlocks(output)
  const program = missingProgram(output, ended.code, failures.length)
  if (program || input.runnerInvalid) return program ?? input.runnerInvalid
  if (failures.length === 0) return COMPILER.test(output) ? null : whatIsMissing(output, input)
  const found = failures.map((block) => whatIsMissing(block, input))
  return found.every((one) => one !== null) ? (found[0] ?? null) : null
}

const SEARCHED = 4_000_000

const NOT_FOUND = [
  /^(?:\S+: )?(?:line )?(?:\d+: )?(\S+): (?:command )?not found$/m,
  /^(?:env|exec|nice|timeout|bwrap|unshare|make(?:\[\d+\])?):.*?[‘'`]?([\w./@+-]+)[’']?: No such file or directory$/m,
]

/** What shells answer for a program that is not there (127) or cannot be run (126), also through make and package managers. */
function missingProgram(output: string, code: number, failures: number): Invalid | null {
  const shell = /^(?:\/\S*\/)?(?:ba|da|z|k)?sh: (?:line )?(?:\d+: )?(\S+): (?:command )?not found$/m.exec(output)?.[1]
  const passedOn = /^make(?:\[\d+\])?: \*\*\* .*\bError 12[67]$/m.test(output)
  if (code !== 126 && code !== 127 && !passedOn && !(shell && failures === 0)) return null
  const denied = /^(?:\S+: )?(?:line )?(?:\d+: )?(\S+): Permission denied$/m.exec(output)?.[1]
  const name = shell ?? NOT_FOUND.map((pattern) => pattern.exec(output)?.[1]).find(Boolean)
  if (name === undefined && (denied !== undefined || code === 126))
    return {
      reason: `${denied ?? 'the program'} may not be executed`,
      mend: `make it executable: chmod +x ${denied ?? 'FILE'}`,
    }
  return programMissing(name)
}

function programMissing(name: string | undefined): Invalid {
  return {
    reason: name === undefined ? 'a program is missing (exit status 127)' : `program missing: ${name}`,
    mend: /^[\w.@+-]+$/.test(name ?? '')
      ? `install it, or let it be seen: --include node_modules, --include .venv or worktree.setup in pp.yaml`
      : `if git ignores it, add it: --include ${name ?? 'PATH'}`,
  }
}

/** Where a test runner begins to tell of one failure, and where it stops. */
const FAILURE =
  /^(?:_{3,} .+ _{3,}|(?:FAIL|ERROR): .+|\s*not ok \d+.*|✖ .+| {2}● .+| *FAIL {2}\S.*| {2}\d+\) .+| {2}[✘×] .+|\s*--- FAIL: .+)$/
const NEUTRAL =
  /^(?:={3,} .+ ={3,}|={30,}|Ran \d+ tests? in .*|(?:ℹ|#) tests \d+|FAIL\s+\S+\s+[\d.]+s|Test Suites: .*)$/
const REASON =
  /\b(?:\w*Error|\w*Exception|assert\w*|panic|expect\w*|got|want|actual|differ\w*|timed? ?out|Cannot|failed to)\b/i
const ONLY_PARENT = /subtestsFailed|^\s*'?\d+ subtests? failed/m
const COMPILER = /^\S+:\d+:\d+: (?:fatal )?error: /m
const ASSERTION =
  /^E\s+(?:AssertionError|assert)\b|^\s*AssertionError\b|\bERR_ASSERTION\b|^\s+expect\(|\bAssertion\b.*\bfailed\b/

/** The failures that a runner tells one by one, each with its reason; those that only say that a child failed are left out. */
function failureBlocks(output: string): string[] {
  const blocks: string[][] = []
  let open: string[] | null = null
  for (const line of output.split('\n')) {
    if (FAILURE.test(line)) {
      open = []
      blocks.push(open)
    } else if (NEUTRAL.test(line)) open = null
    open?.push(line)
  }
  return blocks
    .map((lines) => lines.join('\n'))
    .filter((block) => REASON.test(block.slice(block.indexOf('\n') + 1)) && !ONLY_PARENT.test(block))
}

/** The first thing that a text shows to be wanting, unless it shows a failed assertion that has nothing to do with it. */
function whatIsMissing(text: string, input: RedInput): Invalid | null {
  const wants = (part: string) =>
    missingModule(part, input) ?? refusedNetwork(part, input) ?? droppedVariable(part, input) ?? refusedProcess(part)
  const unexplained = text.split('\n').some((line) => ASSERTION.test(line) && wants(line) === null)
  return unexplained ? null : wants(text)
}

interface Modules {
  readonly pattern: RegExp
  /** The part of a name that a package manager knows; null = the repository's own. */
  readonly root: (name: string) => string | null
  readonly mend: (name: string) => string
}

const PIP = () => 'install it into .venv and add --include .venv, or install it with worktree.setup in pp.yaml'
const NPM = () => 'install it into node_modules, or let worktree.setup in pp.yaml do so: setup: "npm ci"'

/** '@scope/name/deep' → '@scope/name'; paths, aliases and builtin modules are not packages. */
function packageOf(name: string): string | null {
  if (/^(?:[./~#]|@\/|file:|node:|[A-Za-z]:\\)/.test(name)) return null
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

const MODULES: readonly Modules[] = [
  { pattern: /\bNo module named '?([\w.]+)'?/g, root: (name) => name.split('.')[0] ?? null, mend: PIP },
  { pattern: /\bCannot find (?:module|package) '([^'\n]+)'/g, root: packageOf, mend: NPM },
  { pattern: /(?:Failed to resolve import|Can't resolve) ["']([^"'\n]+)["']/g, root: packageOf, mend: NPM },
  {
    pattern: /\b(?:no required module provides package|cannot find module providing package) ([^\s;:]+)/g,
    root: (name) => name,
    mend: (name) => `add it to go.mod (go get ${name}), or vendor it`,
  },
  {
    pattern: /\b(?:cannot load such file -- ([\w./-]+)|Could not find gem '([\w-]+))/g,
    root: (name) => (/^[./]/.test(name) ? null : (name.split('/')[0] ?? null)),
    mend: () => 'install it with worktree.setup in pp.yaml: setup: "bundle install"',
  },
  {
    pattern: /(?:can't find crate for|maybe a missing crate|no matching package named) `(\w+)/g,
    root: (name) => name,
    mend: (name) => `add it: cargo add ${name}; fetch it with worktree.setup in pp.yaml: setup: "cargo fetch"`,
  },
]

/** A chained exception whose end is no failed import: the import was tried, and something else went wrong. */
function recovered(text: string): boolean {
  const last = text.split('\n').findLast((line) => /^(?:E\s+)?[\w.]*(?:Error|Exception)\b/.test(line)) ?? ''
  return (
    /another exception occurred:|direct cause of the following/.test(text) && !/Import|Module|named|load/.test(last)
  )
}

/** '@scope/name' may be a directory called name; a Go package is own when one under the same module is being tested. */
function isOwn(name: string, text: string, hasModule: RedInput['hasModule']): boolean {
  if (name.startsWith('@')) return hasModule(name.slice(name.indexOf('/') + 1))
  if (!/^[\w-]+\.[\w.-]+\//.test(name)) return false
  const module = name
    .split('/')
    .slice(0, /^(?:github|gitlab|bitbucket)\./.test(name) ? 3 : 2)
    .join('/')
  return new RegExp(`^(?:FAIL|ok)\\s+${literal(module)}(?:/|\\s)`, 'm').test(text)
}

/** The first module that is missing; null too when one of them would be the repository's own. */
function missingModule(text: string, { hasModule }: RedInput): Invalid | null {
  if (recovered(text)) return null
  let missing: Invalid | null = null
  for (const { pattern, root, mend } of MODULES)
    for (const match of text.matchAll(pattern)) {
      const name = match.slice(1).find(Boolean) ?? ''
      const top = root(name)
      if (top === null || hasModule(top) || isOwn(top, text, hasModule)) return null
      missing ??= { reason: `module missing: ${top}`, mend: mend(top) }
    }
  return missing
}

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[?::1\]?|0\.0\.0\.0)$/
const REFUSED = [
  /\bECONNREFUSED (\[?[\w.:-]+\]?):\d+\b/,
  /\b(?:ENETUNREACH|EHOSTUNREACH)(?: ([\w.:-]+):\d+)?/,
  /\b(?:EAI_AGAIN|ENOTFOUND) ([\w.-]+)/,
  /\bCould not resolve host(?:name)?:? ([\w.-]+)/i,
  /\bdial tcp: lookup ([\w.-]+)/,
  /\bUnknownHostException: ([\w.-]+)/,
  /\b(?:Temporary failure in name resolution|Name or service not known|No address associated with hostname|failed to lookup address information)/,
  /\bNetwork is unreachable\b/,
]

/** A host that the closed network kept away; loopback works inside, so a refusal there is the command's own affair. */
function refusedNetwork(text: string, { network }: RedInput): Invalid | null {
  if (network === 'allow') return null
  for (const pattern of REFUSED) {
    const match = pattern.exec(text)
    if (!match || LOOPBACK.test(match[1] ?? '')) continue
    return {
      reason: `the network is closed, and the command wants ${match[1] ?? 'it'}`,
      mend: 'if it may use the network, add --network allow',
    }
  }
  return null
}

/** A variable of the caller that was left out, where the text says that it is wanted. */
function droppedVariable(text: string, { droppedVariables }: RedInput): Invalid | null {
  const wanted = text.split('\n').filter((line) => WANTED.test(line))
  const name = droppedVariables.find((one) =>
    wanted.some((line) => new RegExp(`(?<![\\w])${literal(one)}(?![\\w])`).test(line)),
  )
  return name === undefined
    ? null
    : { reason: `the variable ${name} is set outside, but the command did not get it`, mend: `add --env ${name}` }
}

const NO_PROCESS =
  /\bCannot fork\b|\bfork: (?:retry: )?Resource temporarily unavailable|\bcan't start new thread\b|\bunable to create (?:new )?native thread\b|\bfailed to create new OS thread\b|\bpthread_create\b.*\bResource temporarily unavailable|\bBlockingIOError: \[Errno 11\]|\bspawn \S+ EAGAIN\b/

/** Where only a resource limit bounds the number of processes, nobody but the program is told that it was met. */
function refusedProcess(text: string): Invalid | null {
  if (!NO_PROCESS.test(text)) return null
  return { reason: 'it could start no further process or thread', mend: `raise ${KEY_OF_BOUND.processes}` }
}

const WANTED =
  /\bKeyError: '|\b(?:not|never|un)[ -]?(?:set|bound|defined|found|provided)\b|\b(?:missing|required|undefined|must be set|should be set|environment variable|env var|process\.env)\b/i

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
