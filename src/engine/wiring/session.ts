import { hostname } from 'node:os'
import { join, posix } from 'node:path'
import { safeVariable } from '../core/advice/index.ts'
import { requestedTrailer, TRAILER_KEY } from '../core/attest/index.ts'
import { unenforcedBounds } from '../core/bounds/index.ts'
import { buildCachesFor } from '../core/build-caches/index.ts'
import { writeJson } from '../core/bundle/index.ts'
import { FILES } from '../core/bundle-layout/index.ts'
import {
  addedVariables,
  type CommandEnvironment,
  commandEnvironment,
  isOwnKeyVariable,
} from '../core/environment/index.ts'
import { noWritableJudges } from '../core/judge-mounts/index.ts'
import { machineSpecificTexts, replaceMachineSpecificTexts } from '../core/redact/index.ts'
import { treeSitter } from '../evidence/index.ts'
import { judgesOfSession, remarksOf, sessionGuard } from '../flows/base/index.ts'
import { type Session, type SessionBase, settingsOf } from '../flows/session/index.ts'
import type { Repository, VisibleHistory } from '../git/index.ts'
import { lastValueOf } from '../git/index.ts'
import type { ResourceBounds } from '../model/bounds.ts'
import type { Target } from '../model/command.ts'
import type { FoundJudge } from '../model/found-judge.ts'
import { isBare } from '../model/kinds.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, SessionOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { HistoryDepth } from '../model/policy-values.ts'
import type { Reporter } from '../ports/reporter.ts'
import type { Sandbox, SandboxSelfTest } from '../ports/sandbox.ts'
import { describeIncluded, withBuildCaches } from '../state/index.ts'
import { boundsOf } from './bounds.ts'
import { clock } from './clock.ts'
import { findIncludes } from './includes.ts'
import { inspectorOf } from './inspector.ts'
import { maskedError, maskedReporter, refuseValuesInCommands } from './masked-session.ts'
import { redactorOf, trackedWords } from './redactor.ts'
import { type OpenRepository, openPrivateDirectory } from './repository.ts'
import { containerWish, openSandbox, probesOf, sandboxHostOf } from './sandbox.ts'
import { selfTestOf } from './self-test.ts'
import { sessionAfterSetup } from './session-setup.ts'
import { withoutKeyVariable } from './signing.ts'
import { traced, traceOf } from './trace.ts'
import { layerOptions } from './worktrees.ts'

export interface SessionRequest {
  readonly kind: Session['kind']
  readonly base: SessionBase
  readonly policy: Policy
  readonly targets: readonly Target[]
  readonly options: SessionOptions
  /** What was typed before the COMMAND: the verb, and the change if one was named. */
  readonly words: readonly string[]
  /** A tree whose files count as the repository's own modules, besides those of the base. */
  readonly alsoTree: Oid | null
  /** The tree whose nested policies count; absent: that of the base. */
  readonly policyTree?: Oid
  /** Judges of the commit that a range starts from; they stay judges in every commit of the range. */
  readonly earlier?: Iterable<FoundJudge>
  /** Warnings about the start of the session. */
  readonly warnings: readonly string[]
  /** True: a proposer of the session runs as the user, outside of the sandbox. */
  readonly unsandboxed?: boolean
  /** True: a proof of somebody else; of the paths beside the tree, only those that were typed are included. */
  readonly foreign?: boolean
}

/** Opens everything that a session needs, passes it to the callback, and leaves nothing behind. */
export async function withSession<T>(
  caller: Caller,
  openRepo: OpenRepository,
  opening: SessionRequest,
  reporter: Reporter,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const dir = await openPrivateDirectory(caller, openRepo)
  try {
    const session = await openSession(caller, openRepo, opening, reporter, dir)
    return await use(session).catch((error: unknown) => {
      throw maskedError(error, session.redactor)
    })
  } finally {
    if (opening.options.keepWorktrees) {
      await dir.keep()
      reporter.tell({ is: 'phase', name: 'kept', detail: `${dir.path}; git pp gc removes it` })
    } else await dir.remove()
  }
}

async function openSession(
  caller: Caller,
  openRepo: OpenRepository,
  opening: SessionRequest,
  reporter: Reporter,
  dir: Awaited<ReturnType<typeof openPrivateDirectory>>,
): Promise<Session> {
  const { repository, id } = openRepo
  const { base, policy, options } = opening
  const { place } = repository
  const trailer = requestedTrailer(lastValueOf(await repository.config(TRAILER_KEY), TRAILER_KEY) ?? undefined)
  const where = { checkout: place.top, state: dir.path, session: id }
  const probes = probesOf(caller, openRepo.cache)
  const host = { ...sandboxHostOf(caller, where, boundsOf(policy), containerWish(policy, caller.env)), probes }
  const opened = traced(await openSandbox(host, policy), traceOf(caller, clock))
  const caches = buildCachesFor((await repository.objects.list(base.tree)).map(({ path }) => path))
  const sandbox = withBuildCaches(opened, caches, join(dir.path, 'build-caches'), clock)
  const selfTest = policy.network === 'deny' ? await selfTestOf(host.probes, sandbox) : null
  const typed = options.include.map((path) => posix.join(place.prefix, path))
  const asked = { typed, unasked: opening.foreign !== true }
  const { includes, absent } = await findIncludes(repository, base.tree, policy.worktree, asked)
  const layers = await layerOptions(caller, repository, {
    ...{ sandbox, keepWorktrees: options.keepWorktrees, unsandboxed: opening.unsandboxed ?? false },
    ...{ state: openRepo.state, session: dir.path },
  })
  const past = await pastOf(repository, base, policy.worktree.history)
  const environment = commandEnvironment(withoutKeyVariable(caller.env, policy), policy.env.allow)
  const ident = await repository.ident()
  const redactor = await redactorOf(caller.env, includes, policy.worktree.setupEnv, trackedWords(repository, base))
  refuseValuesInCommands(redactor, opening.targets, policy)
  const session: Session = {
    id,
    kind: opening.kind,
    version: caller.version,
    author: `${ident.name} <${ident.email}>`,
    startedAt: clock.now(),
    begun: clock.elapsed(),
    place,
    base,
    alsoTree: opening.alsoTree,
    targets: opening.targets,
    words: opening.words,
    settings: settingsOf(policy, options, addedVariables(environment, policy.env.allow), trailer),
    ...(await judgesOfSession(repository.objects, policy, base.tree, opening.targets, opening.earlier)),
    doubts: new Set(),
    typed: options.typed ?? null,
    guard: sessionGuard(repository.objects, policy, redactor, opening.policyTree),
    remarks: remarksOf(repository.objects),
    surroundings: {
      ...surroundings(sandbox, selfTest, host.bounds, policy.network, environment),
      ...(past && { history: past.facts }),
      ...(sandbox.homeDirectories && caches.length > 0 && { buildCaches: caches.map(({ kind }) => kind) }),
    },
    objects: repository.objects,
    patches: repository.patches,
    history: repository.history,
    refs: openRepo.refs,
    notes: repository.notes,
    workspaces: repository.workspaces(dir.path, { most: host.bounds.disk, past, layers }),
    past: past?.facts ?? null,
    sandbox,
    notBounded: unenforcedBounds(sandbox.enforces, host.bounds),
    inspector: await inspectorOf(repository, [base.tree, ...(opening.alsoTree ? [opening.alsoTree] : [])], {
      droppedVariables: environment.dropped.filter((name) => safeVariable(name) !== null),
      network: policy.network,
      history: policy.worktree.history,
      includes,
      path: caller.env['PATH'] ?? '',
    }),
    syntax: treeSitter(),
    reporter: maskedReporter(reporter, redactor),
    clock,
    redactor,
    outputRedactor: replaceMachineSpecificTexts(
      redactor,
      machineSpecificTexts({ checkout: sandbox.workdir ?? place.top, home: caller.home, ...names(caller) }),
    ),
    environment: environment.variables,
    includes,
    signal: caller.signal,
    record: new Map(),
    runs: [],
    writable: noWritableJudges(),
    plantedByBase: new Set(),
    baseReads: { seen: null, byJudges: new Map(), byRunner: new Set(), testsRan: false, redOutput: '' },
    warnings: [
      ...opening.warnings,
      ...absent.map((path) => `worktree.include names ${path}, which does not exist here`),
      ...readable(sandbox, caller.env),
    ],
  }
  const shown = policy.network === 'allow' ? `${sandbox.version}, network open` : sandbox.version
  reporter.tell({ is: 'session', session: id, base: base.commit, sandbox: shown })
  writeJson(session.record, FILES.policy, policy)
  const ready = await sessionAfterSetup(session, policy, caller.env, dir.path)
  const beside = await Promise.all(ready.includes.map(describeIncluded))
  return { ...ready, surroundings: { ...ready.surroundings, includes: beside } }
}

/** The history of the commit that the user is on, because a snapshot of uncommitted work has no history of its own. */
async function pastOf(
  repository: Repository,
  { commit, snapshot }: SessionBase,
  depth: HistoryDepth,
): Promise<VisibleHistory | null> {
  if (depth === 'none') return null
  const [parent] = snapshot ? (await repository.history.commit(commit)).parents : []
  return repository.past(parent ?? commit, depth)
}

function names({ env }: Caller): { user: string; host: string } {
  return { user: env['USER'] ?? env['LOGNAME'] ?? '', host: hostname() }
}

/** A warning: without a sandbox, a program of the same user can read the environment of this process. */
function readable(sandbox: Sandbox, env: Caller['env']): readonly string[] {
  const keys = Object.keys(env).filter((name) => env[name] && isOwnKeyVariable(name))
  if (!isBare(sandbox.kind) || keys.length === 0) return []
  return [`without a sandbox the command can read the keys of this process: ${keys.sort().join(', ')}`]
}

/** The environment of the session: names, never values, and no path of this machine. */
function surroundings(
  sandbox: Sandbox,
  selfTest: SandboxSelfTest | null,
  bounds: ResourceBounds,
  network: 'deny' | 'allow',
  environment: CommandEnvironment,
): Session['surroundings'] {
  return {
    os: process.platform,
    arch: process.arch,
    node: process.versions.node,
    sandbox: {
      ...{ kind: sandbox.kind, version: sandbox.version, enforces: sandbox.enforces, selfTest },
      ...(sandbox.image && { image: sandbox.image }),
    },
    bounds,
    network,
    variables: Object.keys(environment.variables).sort(),
    dropped: environment.dropped.length,
  }
}
