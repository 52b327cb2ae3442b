import type { EnforcedBounds, ResourceBounds } from '../model/bounds.ts'
import type { Command } from '../model/command.ts'
import type { Execution } from '../model/evidence.ts'
import type { SecretRedactor } from '../model/redactor.ts'
import type { Clock } from './clock.ts'
import type { Layering } from './layering.ts'
import type { ProbeMemory } from './probe-memory.ts'
import type { IncludedDependency, Workspace } from './workspace.ts'

/** One execution to run. */
export interface SandboxJob {
  readonly command: Command
  readonly workspace: Workspace
  /** The directory of the work tree in which the command starts, relative to the top; '' = the top. */
  readonly cwd: string
  /** The whole environment of the command, without what the backend itself must set (HOME, TMPDIR, report directory). */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly limit: 'hang-after' | 'per-command' | 'session'
  /**
   * If the command printed something in the last `withinMs` when its time is over, it goes on, as long as it does so, until
   * `untilMs` after its start; the limit that ends it then is the session's.
   */
  readonly progress?: { readonly withinMs: number; readonly untilMs: number }
  /** How much of each stream is kept; a command that prints more is not killed. */
  readonly maxOutputBytes: number
  readonly network: 'deny' | 'allow'
  /** Files of the work tree that the command must not write to, if the backend can enforce that. */
  readonly readOnly: readonly string[]
  readonly includes: readonly IncludedDependency[]
  /**
   * What compilers may start from: `fill`: nothing; what they leave is what later runs start from, because the code of this run is
   * the base's alone. `use`: a copy of that. Absent: nothing, and what they leave is gone.
   */
  readonly buildCaches?: 'fill' | 'use'
  /** Directories in the private home of the command, which it may write; a sandbox without `homeDirectories` has none. */
  readonly homeDirectories?: readonly HomeDirectory[]
  /** True: includes are writable copies (for the setup command). */
  readonly includesWritable?: boolean
  /** Further environment variables, made from the path of the private report directory as the command sees it. */
  readonly reportEnv?: (reports: string) => Readonly<Record<string, string>>
  /** Files that are put into the private report directory before the run, by plain name; they are not reports. */
  readonly reportFiles?: ReadonlyMap<string, Uint8Array>
  readonly redactor: SecretRedactor
  readonly signal: AbortSignal
}

/** `place`: relative to home; `dir`: a directory of this machine. */
export interface HomeDirectory {
  readonly place: string
  readonly dir: string
}

/** What a backend enforces against each danger, found by testing; every report names what is false. */
export interface EnforcedRestrictions extends EnforcedBounds {
  readonly network: boolean
  readonly filesystem: boolean
  readonly home: boolean
  readonly processes: boolean
  readonly atCheckoutPath: boolean
  readonly judgesReadOnly: boolean
  /**
   * Commands run under our own filter of system calls: none of other architectures, of keyrings, io_uring, userfaultfd, bpf,
   * perf events and kexec, no files by handle, and sockets only for unix, IPv4, IPv6 and netlink.
   */
  readonly syscalls: boolean
}

export interface Sandbox {
  readonly kind: string
  /** The backend and its version for records, e.g. 'unshare (util-linux 2.38.1)'. */
  readonly version: string
  /** The image that all runs use; only for a container. */
  readonly image?: ContainerImage
  /** The path of the tree inside, if it is neither the checkout's path nor the workspace's own. */
  readonly workdir?: string
  readonly enforces: EnforcedRestrictions
  /** Whether directories of this machine can stand in the private home of a command. */
  readonly homeDirectories?: true
  /**
   * The programs that build the sandbox, by absolute path, if it checks every run before its command starts; then the self-test
   * need not be made in every session. Absent: it checks nothing by itself.
   */
  readonly checkedPrograms?: readonly string[]
  /** Makes stacked trees on which commands of this sandbox can run; null: it works on plain directories only. */
  layering(): Promise<Layering | null>
  /**
   * Tries to reach a loopback port and a unix socket of ours from inside. Throws SANDBOX_UNAVAILABLE if one answers although
   * the network is denied.
   */
  selfTest(): Promise<SandboxSelfTest>
  /** Never throws because of what the command does; a failed set-up is `ended: not-run`. */
  run(job: SandboxJob): Promise<Execution>
}

export interface SandboxSelfTest {
  readonly loopback: 'blocked' | 'open'
  readonly unixSocket: 'blocked' | 'open'
  /** True: it was made in an earlier session, with the same programs, kernel and user. */
  readonly remembered?: boolean
}

/** `id`: of the image on this machine; `digest`: of the image that a registry served, null for an image that was built here. */
export interface ContainerImage {
  readonly name: string
  readonly id: string
  readonly digest: string | null
}

/** What the policy says about containers. */
export interface ContainerRequest {
  /** Null: the first runtime that works and has the image. */
  readonly runtime: 'docker' | 'podman' | null
  readonly image: string
  /** Null: the path of the checkout. */
  readonly workdir: string | null
  /** The variables that the runtime's own client needs to find its files and its socket. */
  readonly env: Readonly<Record<string, string>>
}

/** What a backend needs to know about the machine, passed as values. */
export interface SandboxHost {
  /** Undefined: no container is asked for. */
  readonly container?: ContainerRequest | undefined
  /** The user's checkout; the work tree gets this path inside. */
  readonly checkout: string
  readonly home: string
  readonly uid: number
  readonly gid: number
  /** The caller's PATH. */
  readonly path: string
  /** A private directory (0700) for sockets, reports and scripts of this session. */
  readonly state: string
  readonly session: string
  readonly bounds: ResourceBounds
  readonly clock: Clock
  /** What earlier sessions found out about the sandboxes of this machine. */
  readonly probes: ProbeMemory
}

/**
 * `strength`: how strong it is; a sandbox that the policy names can only be replaced by one that is at least as strong. 0
 * separates nothing: such a sandbox is refused while the network is denied, and sessions that use it do not sign their
 * proofs. `automatic`: its place in `auto`, the smallest first; 'image': it needs an image, and `auto` takes it if the policy
 * names one; null: it is used only by name.
 */
type Strength =
  | { readonly strength: 0; readonly automatic: null }
  | { readonly strength: 1 | 2; readonly automatic: number | 'image' | null }

/** A file of the sandboxes room: `export default` one of these. */
export type SandboxKind = Strength & {
  readonly kind: string
  /** Null = it works here; otherwise one sentence on what is missing, with the command that fixes it. Found by testing it. */
  probe(host: SandboxHost): Promise<string | null>
  open(host: SandboxHost): Promise<Sandbox>
  /** Both in one, where that saves opening it twice: the sandbox, or what is missing. */
  openIfWorks?(host: SandboxHost): Promise<Sandbox | string>
}
