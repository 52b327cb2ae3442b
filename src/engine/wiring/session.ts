import { hostname } from 'node:os'
import { posix } from 'node:path'
import { safeVariable } from '../core/advice/index.ts'
import { askedTrailer, TRAILER_KEY } from '../core/attest/index.ts'
import { notBounded } from '../core/bounds/index.ts'
import { writeJson } from '../core/bundle/index.ts'
import { FILES } from '../core/bundle-layout/index.ts'
import { addedVariables, commandEnvironment, type Environment, holdsOurKey } from '../core/environment/index.ts'
import { nothingWritable } from '../core/judge-mounts/index.ts'
import { placeless, placesOf } from '../core/redact/index.ts'
import { guardOf, judgesOf, remarksOf } from '../flows/base/index.ts'
import { type Base, type Session, settingsOf } from '../flows/session/index.ts'
import type { Past, Repository } from '../git/index.ts'
import { lastOf } from '../git/index.ts'
import type { Bounds } from '../model/bounds.ts'
import type { Target } from '../model/command.ts'
import { isBare } from '../model/kinds.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, SessionOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { History } from '../model/policy-file.ts'
import type { Reporter } from '../ports/reporter.ts'
import type { Sandbox, SelfTest } from '../ports/sandbox.ts'
import { included } from '../state/index.ts'
import { boundsOf } from './bounds.ts'
import { findIncludes } from './includes.ts'
import { inspectorOf } from './inspector.ts'
import { redactorOf } from './redactor.ts'
import { clock, type Ground, sessionDir } from './repository.ts'
import { containerWish, hostOf, openSandbox } from './sandbox.ts'
import { afterSetup } from './set-up.ts'
import { withoutKey } from './signing.ts'
import { traced, traceOf } from './trace.ts'

export interface Opening {
  readonly kind: Session['kind']
  readonly base: Base
  readonly policy: Policy
  readonly targets: readonly Target[]
  readonly options: SessionOptions
  /** What was typed before the COMMAND: the verb, and the change if one was named. */
  readonly words: readonly string[]
  /** Trees whose files count as the repository's own modules, beside the base. */
  readonly alsoTree: Oid | null
  /** What is to be said about how it starts. */
  readonly warnings: readonly string[]
  /** Somebody else's: of what stands beside the tree only what was typed is taken along. */
  readonly foreign?: boolean
}

/** Opens everything a session needs, lends it, and leaves nothing behind. */
export async function inSession<T>(
  caller: Caller,
  ground: Ground,
  opening: Opening,
  reporter: Reporter,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const dir = await sessionDir(caller, ground)
  try {
    const session = await openSession(caller, ground, opening, reporter, dir)
    const result = await use(session)
    return result
  } finally {
    if (opening.options.keepWorktrees) {
      await dir.keep()
      reporter.tell({ is: 'phase', name: 'kept', detail: `${dir.path}; git pp gc removes it` })
    } else await dir.remove()
  }
}

async function openSession(
  caller: Caller,
  ground: Ground,
  opening: Opening,
  reporter: Reporter,
  dir: Awaited<ReturnType<typeof sessionDir>>,
): Promise<Session> {
  const { repository, id } = ground
  const { base, policy, options } = opening
  const { place } = repository
  const trailer = askedTrailer(lastOf(await repository.config(TRAILER_KEY), TRAILER_KEY) ?? undefined)
  const where = { checkout: place.top, state: dir.path, session: id }
  const host = hostOf(caller, where, boundsOf(policy), containerWish(policy, caller.env))
  const sandbox = traced(await openSandbox(host, policy), traceOf(caller, clock))
  const selfTest = policy.network === 'deny' ? await sandbox.selfTest() : null
  const typed = options.include.map((path) => posix.join(place.prefix, path))
  const asked = { typed, unasked: opening.foreign !== true }
  const { includes, absent } = await findIncludes(repository, base.tree, policy.worktree, asked)
  const past = await pastOf(repository, base, policy.worktree.history)
  const environment = commandEnvironment(withoutKey(caller.env, policy), policy.env.allow)
  const ident = await repository.ident()
  const redactor = await redactorOf(caller.env, includes, policy.worktree.setupEnv)
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
    ...(await judgesOf(repository.objects, policy, base.tree, opening.targets)),
    doubts: new Set(),
    typed: options.typed ?? null,
    guard: guardOf(repository.objects, policy),
    remarks: remarksOf(repository.objects),
    surroundings: {
      ...surroundings(sandbox, selfTest, host.bounds, policy.network, environment),
      ...(past && { history: past.facts }),
    },
    objects: repository.objects,
    patches: repository.patches,
    history: repository.history,
    refs: ground.refs,
    notes: repository.notes,
    workspaces: repository.workspaces(dir.path, { most: host.bounds.disk, past }),
    past: past?.facts ?? null,
    sandbox,
    notBounded: notBounded(sandbox.enforces, host.bounds),
    inspector: await inspectorOf(repository, [base.tree, ...(opening.alsoTree ? [opening.alsoTree] : [])], {
      droppedVariables: environment.dropped.filter((name) => safeVariable(name) !== null),
      network: policy.network,
      history: policy.worktree.history,
      includes,
      path: caller.env['PATH'] ?? '',
    }),
    reporter,
    clock,
    redactor,
    outputRedactor: placeless(
      redactor,
      placesOf({ checkout: sandbox.workdir ?? place.top, home: caller.home, ...names(caller) }),
    ),
    environment: environment.variables,
    includes,
    signal: caller.signal,
    record: new Map(),
    runs: [],
    writable: nothingWritable(),
    warnings: [
      ...opening.warnings,
      ...absent.map((path) => `worktree.include names ${path}, which does not exist here`),
      ...readable(sandbox, caller.env),
    ],
  }
  const shown = policy.network === 'allow' ? `${sandbox.version}, network open` : sandbox.version
  reporter.tell({ is: 'session', session: id, base: base.commit, sandbox: shown })
  writeJson(session.record, FILES.policy, policy)
  const ready = await afterSetup(session, policy, caller.env, dir.path)
  const beside = await Promise.all(ready.includes.map(included))
  return { ...ready, surroundings: { ...ready.surroundings, includes: beside } }
}

/** The past of the commit that the user stands on: a snapshot of uncommitted work has none of its own. */
async function pastOf(repository: Repository, { commit, snapshot }: Base, depth: History): Promise<Past | null> {
  if (depth === 'none') return null
  const [parent] = snapshot ? (await repository.history.commit(commit)).parents : []
  return repository.past(parent ?? commit, depth)
}

function names({ env }: Caller): { user: string; host: string } {
  return { user: env['USER'] ?? env['LOGNAME'] ?? '', host: hostname() }
}

/** Without a sandbox, what runs as the same user can read the environment of this very process. */
function readable(sandbox: Sandbox, env: Caller['env']): readonly string[] {
  const keys = Object.keys(env).filter((name) => env[name] && holdsOurKey(name))
  if (!isBare(sandbox.kind) || keys.length === 0) return []
  return [`without a sandbox the command can read the keys of this process: ${keys.sort().join(', ')}`]
}

/** Where the session runs: names, never values, and no path of this machine. */
function surroundings(
  sandbox: Sandbox,
  selfTest: SelfTest | null,
  bounds: Bounds,
  network: 'deny' | 'allow',
  environment: Environment,
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
