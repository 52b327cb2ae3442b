import type { EnforcedBounds, ResourceBounds } from '../model/bounds.ts'
import type { Command } from '../model/command.ts'
import type { Execution } from '../model/evidence.ts'
import type { SecretRedactor } from '../model/redactor.ts'
import type { Clock } from './clock.ts'
import type { IncludedDependency, Workspace } from './workspace.ts'

/** One execution to be made. */
export interface SandboxJob {
  readonly command: Command
  readonly workspace: Workspace
  /** Where in the work tree the command starts, relative to its top; '' = the top. */
  readonly cwd: string
  /** The whole environment of the command but for what the backend itself must set (HOME, TMPDIR, report directory). */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly limit: 'hang-after' | 'per-command' | 'session'
  /** How much of each stream is kept; nothing is killed for printing more. */
  readonly maxOutputBytes: number
  readonly network: 'deny' | 'allow'
  /** Files of the work tree that the command must not write, where the backend can see to it. */
  readonly readOnly: readonly string[]
  readonly includes: readonly IncludedDependency[]
  /** True: includes are put there writable, as copies (for the setup command). */
  readonly includesWritable?: boolean
  /** More environment, made from the path of the private report directory as the command sees it. */
  readonly reportEnv?: (reports: string) => Readonly<Record<string, string>>
  /** Files that lie in the private report directory before the run, by plain name; they are no reports. */
  readonly reportFiles?: ReadonlyMap<string, Uint8Array>
  readonly redactor: SecretRedactor
  readonly signal: AbortSignal
}

/** What a backend does about each danger, found by trying; false is said in every report. */
export interface EnforcedRestrictions extends EnforcedBounds {
  readonly network: boolean
  readonly filesystem: boolean
  readonly home: boolean
  readonly processes: boolean
  readonly atCheckoutPath: boolean
  readonly judgesReadOnly: boolean
}

export interface Sandbox {
  readonly kind: string
  /** Backend and version as recorded, e.g. 'unshare (util-linux 2.38.1)'. */
  readonly version: string
  /** The one image that all runs use; only of a container. */
  readonly image?: ContainerImage
  /** Where the tree stands inside, when that is neither the checkout's path nor the workspace's own. */
  readonly workdir?: string
  readonly enforces: EnforcedRestrictions
  /** Tries a loopback port and a unix socket of ours from inside. Throws SANDBOX_UNAVAILABLE when one answers under network deny. */
  selfTest(): Promise<SandboxSelfTest>
  /** Never throws for what the command does; a set-up that broke is `ended: not-run`. */
  run(job: SandboxJob): Promise<Execution>
}

export interface SandboxSelfTest {
  readonly loopback: 'blocked' | 'open'
  readonly unixSocket: 'blocked' | 'open'
}

/** `id`: of the image on this machine; `digest`: of what a registry served, null for one that was made here. */
export interface ContainerImage {
  readonly name: string
  readonly id: string
  readonly digest: string | null
}

/** What the policy asks of a container. */
export interface ContainerRequest {
  /** Null: the one that works and has the image. */
  readonly runtime: 'docker' | 'podman' | null
  readonly image: string
  /** Null: the path of the checkout. */
  readonly workdir: string | null
  /** What the runtime's own client needs to find its files and its socket. */
  readonly env: Readonly<Record<string, string>>
}

/** What a backend needs to know of the machine; comes in as values. */
export interface SandboxHost {
  /** Undefined: no container is asked for. */
  readonly container?: ContainerRequest | undefined
  /** The user's checkout: where the work tree has to stand. */
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
}

/**
 * `strength`: how much it keeps out; the sandbox of a policy gives way only to one that is at least as strong. 0 is nothing: such
 * a sandbox is refused while the network is denied, and no proof is signed beside what it runs. `automatic`: its place in `auto`,
 * the smallest first; 'image': it needs an image, and `auto` takes it where the policy names one; null: only by its name.
 */
type Strength =
  | { readonly strength: 0; readonly automatic: null }
  | { readonly strength: 1 | 2; readonly automatic: number | 'image' | null }

/** A file of the sandboxes room: `export default` one of these. */
export type SandboxKind = Strength & {
  readonly kind: string
  /** Null = it works here; else one sentence on what is missing and the command that mends it. By trying, not by looking. */
  probe(host: SandboxHost): Promise<string | null>
  open(host: SandboxHost): Promise<Sandbox>
}
