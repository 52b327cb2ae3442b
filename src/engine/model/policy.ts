import * as z from 'zod'
import { Target } from './command.ts'
import { Oid } from './oid.ts'
import {
  AcceptedProofs,
  Focus,
  HistoryDepth,
  JudgeObservation,
  JudgeWriting,
  Network,
  Percent,
  Runs,
  SandboxBackend,
  SignMode,
} from './policy-values.ts'

/** The source of a part of the policy. `name`: the git-config key, variable or flag. `line` is 1-based. */
export const PolicySource = z.strictObject({
  from: z.enum(['default', 'git-config', 'file', 'environment', 'flag']),
  name: z.string().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
})
export type PolicySource = z.infer<typeof PolicySource>

/** One glob; `root` = the directory it is relative to, from the top of the work tree ('' = the top). */
export const PathRule = z.strictObject({ pattern: z.string(), root: z.string(), source: PolicySource })
export type PathRule = z.infer<typeof PathRule>

export const CommandRule = z.strictObject({ command: z.string(), source: PolicySource })
export type CommandRule = z.infer<typeof CommandRule>

const Bound = z.int().nullable()

/**
 * The policy in force: all layers merged, with all defaults. Paths are relative to the top of the work tree. A limit that is
 * null does not apply. In a list of lists, every inner list has to agree (there is one for each layer that states it).
 */
export const Policy = z.strictObject({
  targets: z.array(Target),
  network: Network,
  /** [] = every command may be typed. */
  allowedCommands: z.array(z.array(CommandRule)),
  writeAllowlist: z.array(z.array(PathRule)),
  denyWrite: z.array(PathRule),
  limits: z.strictObject({
    maxAttempts: Bound,
    maxFilesChanged: Bound,
    maxPatchBytes: Bound,
    perCommandTimeoutSec: Bound,
    sessionTimeoutSec: Bound,
    maxOutputBytes: z.int(),
    maxModelTokens: Bound,
    searchSeconds: Bound,
    maxCandidates: Bound,
    // Absent: the default. Older readers know no such key, so it is written only where it differs.
    maxSamples: z.int().optional(),
    maxWorktreeBytes: Bound,
    maxProcesses: Bound,
  }),
  minimize: z.boolean(),
  // Records from before `writable` existed let no judge be written.
  tests: z.strictObject({
    allowChanges: z.boolean(),
    patterns: z.array(PathRule),
    allow: z.array(PathRule).default([]),
    writable: JudgeWriting.default('deny'),
    observed: JudgeObservation.default('remark'),
  }),
  verify: z.strictObject({
    runs: Runs,
    // Records from before this key existed have whole runs only.
    focus: Focus.default('never'),
    accept: AcceptedProofs.default(['fix']),
    // Absent: at least one line. Older readers know no such key, so it is written only where it is stated.
    minExecuted: Percent.optional(),
    also: z.array(Target),
  }),
  worktree: z.strictObject({
    include: z.array(z.string()),
    setup: z.strictObject({ command: z.string(), cwd: z.string() }).nullable(),
    setupNetwork: Network,
    /** Absent in policies that were recorded before this key existed. */
    setupEnv: z.array(z.string()).default([]),
    history: HistoryDepth.default('none'),
  }),
  env: z.strictObject({ allow: z.array(z.string()) }),
  sandbox: z.strictObject({
    backend: SandboxBackend,
    containerRuntime: z.enum(['docker', 'podman']).nullable(),
    containerImage: z.string().nullable(),
    containerWorkdir: z.string().nullable(),
    cpuLimit: z.string().nullable(),
    memoryLimit: z.string().nullable(),
  }),
  attestation: z.strictObject({ enabled: z.boolean(), mode: SignMode, keyEnv: z.string().nullable() }),
  provider: z.array(z.string()),
  /** Policy files that were read; `commit` and `blob` are null for a file that does not belong to the repository. */
  files: z.array(z.strictObject({ path: z.string(), commit: Oid.nullable(), blob: Oid.nullable() })),
  /** Key as written in a policy file ('policy.limits.max_attempts', 'proof_targets.unit') → where it came from. */
  sources: z.record(z.string(), PolicySource),
})
export type Policy = z.infer<typeof Policy>
