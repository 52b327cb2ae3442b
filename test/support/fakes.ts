/** Sessions made of literals: a verdict is told by a base, a change, and what the command does. */
import { headline } from '../../src/engine/core/failure/index.ts'
import { noWritableJudges } from '../../src/engine/core/judge-mounts/index.ts'
import { mergePolicy, type PolicyLayer } from '../../src/engine/core/policy/index.ts'
import { redactor, type SecretValue } from '../../src/engine/core/redact/index.ts'
import { hiddenFromProposers, judgesOfSession, remarksOf, sessionGuard } from '../../src/engine/flows/base/index.ts'
import type { ExistingChange } from '../../src/engine/flows/change/index.ts'
import { policyLayer } from '../../src/engine/flows/policies/index.ts'
import { runFlow } from '../../src/engine/flows/propose/index.ts'
import { proveFlow } from '../../src/engine/flows/prove/index.ts'
import { type SealedSession, type Session, settingsOf } from '../../src/engine/flows/session/index.ts'
import type { Target } from '../../src/engine/model/command.ts'
import type { SessionOptions } from '../../src/engine/model/options.ts'
import type { ProposerAnswer } from '../../src/engine/model/proposal.ts'
import type { SessionResult } from '../../src/engine/model/session.ts'
import type { Inspector } from '../../src/engine/ports/inspector.ts'
import type { StackedTree } from '../../src/engine/ports/layering.ts'
import type { ProposalRequest, Proposer } from '../../src/engine/ports/proposer.ts'
import type { RefutedCandidates } from '../../src/engine/ports/refuted-candidates.ts'
import type { SessionEvent } from '../../src/engine/ports/reporter.ts'
import type { Runner } from '../../src/engine/ports/runner.ts'
import type { Syntax } from '../../src/engine/ports/syntax.ts'
import type { Tracer } from '../../src/engine/ports/tracer.ts'
import { maskedReporter } from '../../src/engine/wiring/masked-session.ts'
import { decode, encode, type Files, type Repository, repositoryIn } from './repository.ts'
import { fixedClock, type Program, sandboxOf, tests, workspacesOf } from './sandbox.ts'
import { runnerWith } from './suite.ts'

export interface Story {
  readonly base: Files
  /** What the change makes of it: files that differ, null = gone. Absent: none is there yet. */
  readonly change?: Readonly<Record<string, string | null>>
  /** What the command does; default: it runs the tests of the files. */
  readonly command?: Program
  /** Null: nobody knows the runner. */
  readonly runner?: Runner | null
  /** pp.yaml. */
  readonly policy?: string
  readonly options?: Partial<SessionOptions>
  readonly targets?: readonly Target[]
  readonly kind?: Session['kind']
  /** What each run is seen to read; absent: that cannot be observed. */
  readonly reads?: readonly string[]
  /** The stacked tree on which runs are made where a checkout is not needed; absent: all are checkouts. */
  readonly stack?: StackedTree
  /** False: the sandbox only compares judges afterwards. */
  readonly judgesReadOnly?: boolean
  readonly signal?: AbortSignal
  /** Values that the session knows to be secrets. */
  readonly secrets?: readonly SecretValue[]
  readonly snapshot?: boolean
  /** Absent: no language is understood. */
  readonly syntax?: Syntax
  /** What earlier searches refuted. */
  readonly refuted?: RefutedCandidates
  /** What a proposer without a sandbox changes of the dependencies. */
  readonly changedBeside?: readonly string[]
  /** Absent: one answer to each request. */
  readonly samples?: number
  /** Absent: nothing is traced. */
  readonly tracers?: readonly Tracer[]
  readonly repository?: Repository
  /** The last digit of the session's name. */
  readonly nth?: number
}

/** One product file, and two tests of which one fails. */
export const CALC: Files = {
  'calc.js': 'wrong and even\n',
  'test/calc.test.js': 'adds: calc.js has right\nhalves: calc.js has even\n',
}

/** What mends it. */
export const RIGHT = { 'calc.js': 'right and even\n' }

export interface Told {
  readonly session: Session
  /** The change, where there is one. */
  readonly existing: ExistingChange
  readonly repository: Repository
  readonly happenings: readonly SessionEvent[]
  readonly hidden: (path: string) => boolean
  /** Work trees that were not given back. */
  lent(): number
}

const TARGET: Target = { name: 'unit', command: { shell: 'run-tests' }, cwd: '' }

/** A session about this story, ready to be handed to a flow. */
export async function sessionOf(story: Story): Promise<Told> {
  const { kind = 'prove', targets = [TARGET], snapshot = false, nth = 1, repository = repositoryIn() } = story
  const { objects, patches, history, refs, notes } = repository
  const tree = repository.tree(story.base)
  const clock = fixedClock()
  const commit = await history.write({ tree, parents: [], message: 'base\n', at: clock.now() })
  if (!repository.names.has('HEAD')) repository.names.set('HEAD', commit)
  const existing = { tree: repository.tree(changed(story)), commit: null }
  const limits = kind === 'run' ? ('default' as const) : ('written' as const)
  const policy = mergePolicy(layersOf(story.policy), { limits })
  const options = { include: [], env: [], keepWorktrees: false, ...story.options }
  const workspaces = workspacesOf(repository, story.reads, story.stack)
  const happenings: SessionEvent[] = []
  const secrets = redactor({ secrets: story.secrets ?? [] })
  const session: Session = {
    ...{ id: `01hzy00000000000000000000${nth}`, kind, version: '0.0.0', author: 'A <a@example.org>' },
    ...{ startedAt: clock.now(), begun: clock.elapsed(), base: { commit, tree, snapshot } },
    place: { top: '/repo', prefix: '', gitDir: '/repo/.git', commonDir: '/repo/.git', objectFormat: 'sha1' },
    alsoTree: story.change ? existing.tree : null,
    ...{ targets, words: [kind], typed: null, settings: settingsOf(policy, options, [], null) },
    ...(await judgesOfSession(objects, policy, tree, targets)),
    ...{
      doubts: new Set(),
      guard: sessionGuard(objects, policy, secrets),
      remarks: remarksOf(objects),
      surroundings: {},
    },
    ...{ objects, patches, history, refs, notes, workspaces, past: null },
    ...{
      sandbox: sandboxOf(story.command ?? tests, clock, story.judgesReadOnly),
      notBounded: [],
      inspector: inspectorOf(story.runner),
      syntax: story.syntax ?? {
        knows: () => false,
        functions: async () => null,
        isShell: async () => false,
        code: async () => null,
      },
    },
    ...{
      reporter: maskedReporter({ tell: (one) => happenings.push(one) }, secrets),
      clock,
      redactor: secrets,
      outputRedactor: secrets,
    },
    ...{ environment: {}, includes: [], signal: story.signal ?? new AbortController().signal },
    ...{
      record: new Map(),
      runs: [],
      warnings: [],
      writable: noWritableJudges(),
      plantedByBase: new Set(),
      baseReads: { seen: null, byJudges: new Map(), byRunner: new Set(), testsRan: false, redOutput: '' },
    },
  }
  return { session, existing, repository, happenings, hidden: hiddenFromProposers(policy), lent: () => workspaces.lent }
}

function changed({ base, change = {} }: Story): Files {
  return Object.fromEntries(
    Object.entries({ ...base, ...change }).flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  )
}

function layersOf(text: string | undefined): PolicyLayer[] {
  return text === undefined ? [] : [policyLayer(text, 'pp.yaml', '', { path: 'pp.yaml', commit: null, blob: null })]
}

/** Reads what the runner of the story understands; without one no test is known. */
function inspectorOf(runner: Runner | null = runnerWith()): Inspector {
  return {
    inspect(_, execution) {
      const output = decode(execution.reports.get('output') ?? execution.stdout.kept)
      return {
        runner,
        tests: runner?.read(output, execution) ?? null,
        reruns: runner?.reruns?.(output) ?? [],
        insteadOf: new Map(),
        invalid: runner?.invalid(output, execution) ?? null,
        headline: headline(output),
      }
    },
    failures: () => [],
    runnerOf: () => runner,
    places: () => [],
  }
}

/** What `git pp prove` comes to. */
export async function proving(story: Story): Promise<SessionResult> {
  const { session, existing } = await sessionOf(story)
  return (await proveFlow(session, existing, story.tracers ?? [])).result
}

/** Edits as a proposer answers them; null removes a file. */
export function edits(files: Readonly<Record<string, string | null>>): ProposerAnswer {
  const all = Object.entries(files).map(([path, text]) => [path, text === null ? null : encode(text)] as const)
  return { how: 'edits', edits: new Map(all), note: '' }
}

/** A proposer that gives these answers in turn, then none; what it was asked is in `requests`. */
export function proposerOf(...answers: readonly ProposerAnswer[]): Proposer & { readonly requests: ProposalRequest[] } {
  const requests: ProposalRequest[] = []
  return {
    ...{ kind: 'fake', model: null, remote: false, sandboxed: true, requests },
    async propose(request) {
      requests.push(request)
      return answers[requests.length - 1] ?? { how: 'nothing', reason: 'it knows no more' }
    },
  }
}

/** A memory without anything from earlier sessions. */
export function noneRefuted(): RefutedCandidates {
  const keys = new Set<string>()
  return { has: (key) => keys.has(key), add: (key) => keys.add(key) }
}

/** What `git pp run` comes to with these proposers, each asked where the one before has nothing. */
export async function runningWith(story: Story, ...proposers: readonly Proposer[]): Promise<SealedSession & Told> {
  const told = await sessionOf({ kind: 'run', ...story })
  return {
    ...told,
    ...(await runFlow(told.session, {
      hidden: told.hidden,
      tracers: story.tracers ?? [],
      proposers,
      refuted: story.refuted ?? noneRefuted(),
      watch: { look: () => ({}), changedSince: async () => story.changedBeside ?? [] },
      samples: story.samples ?? 1,
      validators: [],
    })),
  }
}

/** What `git pp run` comes to where a proposer gives these answers in turn. */
export async function running(story: Story, ...answers: readonly ProposerAnswer[]): Promise<SessionResult> {
  return (await runningWith(story, proposerOf(...answers))).result
}
