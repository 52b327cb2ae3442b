import { hostname } from 'node:os'
import { posix } from 'node:path'
import { safeVariable } from '../core/advice/index.ts'
import { askedTrailer, TRAILER_KEY } from '../core/attest/index.ts'
import { notBounded } from '../core/bounds/index.ts'
import { writeJson } from '../core/bundle/index.ts'
import { bytesOf } from '../core/bytes/index.ts'
import { addedVariables, commandEnvironment, type Environment, holdsOurKey } from '../core/environment/index.ts'
import { nothingWritable } from '../core/judge-mounts/index.ts'
import { denyCommand } from '../core/policy/index.ts'
import { findSecrets, placeless, placesOf } from '../core/redact/index.ts'
import type { Base, Session, Settings } from '../flows/session/index.ts'
import type { Past, Repository } from '../git/index.ts'
import type { Bounds } from '../model/bounds.ts'
import { type Command, spell, type Target } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, SessionOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { History } from '../model/policy-file.ts'
import { DEFAULT_PAIRS } from '../model/session.ts'
import type { Reporter } from '../ports/reporter.ts'
import type { Sandbox, SelfTest } from '../ports/sandbox.ts'
import { included } from '../state/index.ts'
import { boundsOf } from './bounds.ts'
import { clock, type Ground, sessionDir } from './ground.ts'
import { guardOf, judgesOf, remarksOf } from './guard.ts'
import { findIncludes } from './includes.ts'
import { inspectorOf } from './inspector.ts'
import { redactorOf } from './redactor.ts'
import { containerWish, hostOf, openSandbox } from './sandbox.ts'
import { afterSetup } from './set-up.ts'
import { withoutKey } from './signing.ts'

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
  const trailer = askedTrailer((await repository.config(TRAILER_KEY)).get(TRAILER_KEY)?.at(-1)?.value)
  const where = { checkout: place.top, state: dir.path, session: id }
  const host = hostOf(caller, where, boundsOf(policy), containerWish(policy, caller.env))
  const sandbox = await openSandbox(host, policy)
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
    ...(await judgesOf(repository, policy, base.tree, opening.targets)),
    doubts: new Set(),
    typed: options.typed ?? null,
    guard: guardOf(repository, policy),
    remarks: remarksOf(repository),
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
      ...absent.map((path) => `${path} of worktree.include is not here`),
      ...readable(sandbox, caller.env),
    ],
  }
  const shown = policy.network === 'allow' ? `${sandbox.version}, network open` : sandbox.version
  reporter.tell({ is: 'session', session: id, base: base.commit, sandbox: shown })
  writeJson(session.record, 'policy.json', policy)
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
  if (sandbox.kind !== 'none' || keys.length === 0) return []
  return [`without a sandbox the command can read the keys of this process: ${keys.sort().join(', ')}`]
}

function settingsOf(
  policy: Policy,
  options: SessionOptions,
  variables: readonly string[],
  trailer: string | null,
): Settings {
  const { limits } = policy
  const seconds = (value: number | null, fallback: number) => (value ?? fallback) * 1000
  return {
    runs: policy.verify.runs,
    flakyPairs: options.flaky === true ? (typeof options.runs === 'number' ? options.runs : DEFAULT_PAIRS) : null,
    flakyLine: options.flakyLine ?? null,
    expect: options.expect ?? null,
    minimize: policy.minimize,
    allowJudgeChanges: policy.tests.allowChanges,
    judgesWritable: policy.tests.writable,
    jobs: options.jobs ?? 1,
    keepWorktrees: options.keepWorktrees,
    network: policy.network,
    variables,
    maxAttempts: limits.maxAttempts ?? 3,
    perCommandMs: seconds(limits.perCommandTimeoutSec, 600),
    sessionMs: seconds(limits.sessionTimeoutSec, 3600),
    maxOutputBytes: limits.maxOutputBytes,
    maxModelTokens: limits.maxModelTokens,
    searchMs: seconds(limits.searchSeconds, 60),
    maxCandidates: limits.maxCandidates ?? 20_000,
    hangAfterMs: options.hangAfter === undefined ? null : options.hangAfter * 1000,
    also: policy.verify.also,
    trailer,
  }
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

/** The targets of a session: the command that was typed, or the policy's. Throws USAGE, NOT_ALLOWED. */
export function targetsOf(
  policy: Policy,
  command: Command | null,
  options: SessionOptions,
  prefix: string,
): readonly Target[] {
  if (command) {
    const [secret] = findSecrets(bytesOf(spell(command)))
    if (secret)
      throw new PpError(
        'USAGE',
        `the command line holds what looks like a secret (${secret.rule}), and every proof would show it`,
        {
          mend: 'put it into a variable and pass that on: --env NAME',
        },
      )
    const denied = denyCommand(command, policy)
    if (denied) throw new PpError('NOT_ALLOWED', denied.message)
    const hang = options.hangAfter === undefined ? {} : { hangAfterSec: options.hangAfter }
    return [{ name: 'command', command, cwd: prefix, ...hang }]
  }
  if (policy.targets.length === 0)
    throw new PpError(
      'USAGE',
      'no COMMAND, and no policy names proof_targets: say one, as in "pytest -q", or write pp.yaml (git pp init)',
    )
  if (options.target === undefined) return policy.targets
  const named = policy.targets.filter(({ name }) => name === options.target)
  if (named.length > 0) return named
  throw new PpError(
    'USAGE',
    `no such target: ${options.target}; known: ${policy.targets.map(({ name }) => name).join(', ')}`,
  )
}
