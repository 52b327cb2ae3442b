import { join } from 'node:path'
import { toolchainVariables } from '../../core/environment/index.ts'
import { PpError } from '../../model/error.ts'
import type { SandboxHost, SandboxJob } from '../../ports/sandbox.ts'
import type { IncludedDependency } from '../../ports/workspace.ts'
import type { Mount, PathInspector } from './mount.ts'
import type { PathState } from './path-state.ts'
import { homeInside, type MachineFacts, SYSTEM, systemPlan } from './system-mounts.ts'
import { toolchains } from './toolchains.ts'

export const GIT_INSIDE = '/run/pp/git'
export const REPORTS_INSIDE = '/run/pp/reports'

/** Directories in which tools keep caches inside of a dependency directory. */
const TOOL_CACHES = ['.cache', '.vite', '.vite-temp', '.vitest', '.pytest_cache']

const BUILT_BY_JVM = ['pom.xml', 'mvnw', 'gradlew', 'build.gradle', 'build.gradle.kts', 'settings.gradle', 'build.sbt']

/** The data that a plan is made from; all of it was looked up before. */
export interface MountPlanInput {
  readonly host: Pick<SandboxHost, 'checkout' | 'home'>
  readonly machine: MachineFacts
  readonly programs: readonly string[]
  readonly job: Pick<SandboxJob, 'workspace' | 'cwd' | 'env' | 'network' | 'readOnly' | 'includes' | 'homeDirectories'>
  /** The state of a path in the job's work tree. */
  readonly standing: (path: string) => PathState
  /** Files on this machine: the run's report directory, and a `.git` file that points to GIT_INSIDE. */
  readonly reports: string
  readonly pointer: string
  /** Another such file: the content of /etc/hosts. */
  readonly hosts: string
}

/**
 * Everything the command can see, parents before children: system and toolchains read-only, credentials never, private /tmp,
 * /run and HOME, the work tree at the path of the user's checkout with a synthetic git, includes and read-only judges in it.
 * Throws SETUP_FAILED for an include that leads elsewhere.
 */
export function mountPlan(facts: MountPlanInput): readonly Mount[] {
  const { host, machine, job, programs } = facts
  const jvm = [...BUILT_BY_JVM, ...BUILT_BY_JVM.map((name) => join(job.cwd, name))].some(
    (path) => facts.standing(path) === 'file',
  )
  const paths = {
    programs,
    named: toolchainVariables(job.env),
    home: host.home,
    checkout: host.checkout,
    system: SYSTEM,
    jvm,
  }
  const mounts = [
    ...systemPlan(machine, host.home, job.network),
    ...toolchains(paths, machine.look),
    ...treePlan(facts, host.checkout, machine.look),
    ...(job.homeDirectories ?? []).map(({ place, dir }) => bind(dir, join(homeInside(host.home), place), true)),
    bind(facts.reports, REPORTS_INSIDE, true),
    bind(facts.hosts, '/etc/hosts', false),
  ]
  return parentsFirst(mounts)
}

/** What a plan shows of a work tree, parents before children. */
export type TreeMount = Extract<Mount, { is: 'bind' | 'layer' }>

/** The work tree at `top`, with a synthetic git, includes and read-only judges. Throws SETUP_FAILED. */
export function treePlan(
  { job, standing, pointer }: Pick<MountPlanInput, 'job' | 'standing' | 'pointer'>,
  top: string,
  look: PathInspector,
): readonly TreeMount[] {
  const { git, stack } = job.workspace
  const dir = stack?.inside ?? job.workspace.dir
  const inside = (path: string) => join(top, path)
  return [
    bind(dir, top, true),
    ...job.includes.flatMap((include) => includePlan(include, inside(include.path), standing, look)),
    ...job.readOnly
      .filter((path) => standing(path) === 'file')
      .map((path) => bind(join(dir, path), inside(path), false)),
    ...(git === null
      ? // The pointer is useless outside, but a command that rewrites it could mislead people who run git there later.
        standing('.git') === 'file'
        ? [bind(join(dir, '.git'), inside('.git'), false)]
        : []
      : [
          bind(pointer, inside('.git'), false),
          bind(git.dir, GIT_INSIDE, true),
          bind(git.objects, git.objectsInside, false),
        ]),
  ]
}

/** Files of the tree itself stay; an include is mounted only where the tree has nothing. */
function includePlan(
  include: IncludedDependency,
  at: string,
  standing: (path: string) => PathState,
  look: PathInspector,
): readonly TreeMount[] {
  const there = standing(include.path)
  if (there === 'astray')
    throw new PpError('SETUP_FAILED', `include ${include.path}: the path leads out of the work tree`)
  if (there === 'file' || there === 'directory') return []
  const seen = look(include.source)
  const real = seen === null || seen.real === null ? null : look(seen.real)
  if (real === null || real.real === null || real.is !== (include.directory ? 'directory' : 'file'))
    throw new PpError('SETUP_FAILED', `include ${include.path}: ${include.source} no longer exists`)
  if (!include.directory) return [bind(real.real, at, false)]
  const caches = TOOL_CACHES.filter((name) => look(join(include.source, name))?.is === 'directory')
  return [{ is: 'layer', from: real.real, at, caches }]
}

function bind(from: string, at: string, writable: boolean): TreeMount {
  return { is: 'bind', from, at, writable }
}

/** Sorted by depth. Mounts of the same depth keep their order, so a later one covers an earlier one. */
export function parentsFirst<M extends Mount>(mounts: readonly M[]): readonly M[] {
  const depth = (mount: M) => (mount.at === '/' ? 0 : mount.at.split('/').length)
  return [...mounts].sort((a, b) => depth(a) - depth(b))
}
