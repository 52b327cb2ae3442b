import * as z from 'zod'
import { BACKENDS, OFFERED_PROPOSERS, SIGN_MODES } from './kinds.ts'

/** Built-in limits. They are defaults, not a policy: a flag may loosen them, and `prove` does not use them. */
export const DEFAULT_LIMITS = {
  max_attempts: 3,
  max_files_changed: 8,
  max_patch_bytes: 200_000,
  per_command_timeout_sec: 600,
  session_timeout_sec: 3600,
  max_output_bytes: 10_485_760,
  max_model_tokens: 200_000,
  search_seconds: 60,
  max_candidates: 20_000,
  max_samples: 8,
  max_worktree_bytes: 21_474_836_480,
  max_processes: 512,
} as const

export const text = (description: string) => z.string().min(1).max(4096).describe(description)
export const limit = (key: keyof typeof DEFAULT_LIMITS, least: 0 | 1, description: string) =>
  z.int().min(least).optional().meta({ description, default: DEFAULT_LIMITS[key] })

/** A directory or file of the repository, relative to the directory of the policy file, '/'-separated, never upwards. */
export const InsidePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !/^\/|\\|^[A-Za-z]:|[\u0000-\u001f]/.test(path) && !path.split('/').includes('..'), {
    error: 'must be a path inside the repository, relative to the policy file, with "/" and without ".."',
  })

/** A glob over paths: `*`, `?`, `[…]`, `{a,b}`, `**`; a trailing '/' means everything below. */
export const Glob = z
  .string()
  .min(1)
  .max(1024)
  .refine((glob) => !glob.startsWith('!'), { error: 'a pattern cannot be negated; use policy.deny_write' })
  .refine((glob) => !glob.startsWith('/'), {
    error: 'a pattern is relative to the directory of the policy file; drop the leading "/"',
  })
  .refine((glob) => !glob.split('/').includes('..'), { error: 'a pattern cannot contain ".."' })

export const NamedCommand = z
  .strictObject({
    name: z
      .string()
      .regex(/^(?!.*\.(?:json|txt|patch)$)\w[\w.-]{0,63}$/, {
        error: 'must be 1 to 64 letters, digits, "_", "." or "-", and no file name of the bundle',
      })
      .describe('Its name in reports; each name only once.'),
    cmd: text('The command, one line for the shell (sh -c).').optional(),
    argv: z.array(z.string().max(4096)).min(1).optional().describe('The program and its arguments, without a shell.'),
    cwd: InsidePath.optional().describe(
      'The directory in which it runs, relative to that of the policy file. Default: the directory of the policy file.',
    ),
    hang_after_sec: z
      .number()
      .positive()
      .optional()
      .describe('A run that has not ended after so many seconds is red. A green run must then end within half of it.'),
    paths: z
      .array(Glob)
      .min(1)
      .optional()
      .describe('For git pp gate alone: it runs only for a change of such a file. Default: for every change.'),
  })
  .refine((target) => (target.cmd === undefined) !== (target.argv === undefined), {
    error: 'needs either "cmd" or "argv", and not both',
  })
  .meta({ oneOf: [{ required: ['cmd'] }, { required: ['argv'] }] })
export type NamedCommand = z.infer<typeof NamedCommand>

export const NamedCommands = z
  .array(NamedCommand)
  .refine((all) => new Set(all.map((one) => one.name.toLowerCase())).size === all.length, {
    error: 'two commands of this list have the same name',
  })

export const PROVIDERS = OFFERED_PROPOSERS.join(', ')
export const Kind = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: `must be a kind such as ${PROVIDERS}` })
export const Network = z.enum(['deny', 'allow'])
export const HistoryDepth = z.union([z.enum(['none', 'tags']), z.int().min(1).max(100_000)])
export type HistoryDepth = z.infer<typeof HistoryDepth>
export const JudgeWriting = z.enum(['allow', 'deny'])
/** What a proof does about data that it needs to be changed, and about reads that cannot be observed. */
export const JudgeObservation = z.enum(['remark', 'deny'])
/** What a gate does about failures that the base has as well. */
export const OldFailures = z.enum(['block', 'once', 'remark'])
export type OldFailures = z.infer<typeof OldFailures>
export const SandboxBackend = z.enum(BACKENDS)
export type SandboxBackend = z.infer<typeof SandboxBackend>
export const SignMode = z.enum(SIGN_MODES)
export type SignMode = z.infer<typeof SignMode>
export const Runs = z.union([z.literal('auto'), z.int().min(0).max(100)])
/**
 * Whether the further runs of a slow suite are of its failing tests alone: 'fast' also leaves out the run of the whole suite
 * with an added failing test.
 */
export const Focus = z.enum(['auto', 'fast', 'never'])
export type Focus = z.infer<typeof Focus>
/**
 * What a proof may show: a fix of something that always fails, a fix of something that fails only in some runs, or a change
 * that keeps what works.
 */
export const AcceptedProofs = z.array(z.enum(['fix', 'flaky', 'refactor'])).min(1)
export type AcceptedProofs = z.infer<typeof AcceptedProofs>
/** The part of the changed lines that tests have to run, in percent. */
export const Percent = z.int().min(1).max(100)
export const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be the name of a variable' })

/** [registry[:port]/]path[:tag][@digest], or an id; it can never be read as an option. */
export const IMAGE =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(?::\d{1,5}(?=\/))?(?:\/[A-Za-z0-9._-]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/
