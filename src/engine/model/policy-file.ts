import * as z from 'zod'
import { BACKENDS, OFFERED_PROPOSERS, SIGN_MODES } from './kinds.ts'

/** Built-in limits. They are defaults, not a policy: a flag may loosen them, and `prove` does without them. */
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
  max_worktree_bytes: 21_474_836_480,
  max_processes: 512,
} as const

const text = (description: string) => z.string().min(1).max(4096).describe(description)
const limit = (key: keyof typeof DEFAULT_LIMITS, least: 0 | 1, description: string) =>
  z.int().min(least).optional().meta({ description, default: DEFAULT_LIMITS[key] })

/** A directory or file of the repository, relative to the directory of the policy file, '/'-separated, never upwards. */
const InsidePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !/^\/|\\|^[A-Za-z]:|[\u0000-\u001f]/.test(path) && !path.split('/').includes('..'), {
    error: 'must be a path inside the repository, relative to the policy file, with "/" and without ".."',
  })

/** A glob over paths: `*`, `?`, `[…]`, `{a,b}`, `**`; a trailing '/' means everything below. */
const Glob = z
  .string()
  .min(1)
  .max(1024)
  .refine((glob) => !glob.startsWith('!'), { error: 'a pattern cannot be negated; use policy.deny_write' })
  .refine((glob) => !glob.startsWith('/'), {
    error: 'a pattern is relative to the directory of the policy file; drop the leading "/"',
  })
  .refine((glob) => !glob.split('/').includes('..'), { error: 'a pattern cannot contain ".."' })

const NamedCommand = z
  .strictObject({
    name: z
      .string()
      .regex(/^(?!.*\.(?:json|txt|patch)$)\w[\w.-]{0,63}$/, {
        error: 'must be 1 to 64 letters, digits, "_", "." or "-", and no file name of the bundle',
      })
      .describe('How reports call it; unique.'),
    cmd: text('One line for the shell (sh -c).').optional(),
    argv: z.array(z.string().max(4096)).min(1).optional().describe('Program and arguments; no shell sees them.'),
    cwd: InsidePath.optional().describe(
      'Where it starts, relative to the directory of the policy file. Default: there.',
    ),
    hang_after_sec: z
      .number()
      .positive()
      .optional()
      .describe('Seconds after which a run that has not ended is red; green must then end within half of it.'),
  })
  .refine((target) => (target.cmd === undefined) !== (target.argv === undefined), {
    error: 'needs either "cmd" or "argv", and not both',
  })
  .meta({ oneOf: [{ required: ['cmd'] }, { required: ['argv'] }] })
export type NamedCommand = z.infer<typeof NamedCommand>

const NamedCommands = z
  .array(NamedCommand)
  .refine((all) => new Set(all.map((one) => one.name.toLowerCase())).size === all.length, {
    error: 'two commands of this list have the same name',
  })

const PROVIDERS = OFFERED_PROPOSERS.join(', ')
const Kind = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: `must be a kind such as ${PROVIDERS}` })
export const Network = z.enum(['deny', 'allow'])
export const History = z.union([z.enum(['none', 'tags']), z.int().min(1).max(100_000)])
export type History = z.infer<typeof History>
export const Writing = z.enum(['allow', 'deny'])
export const Backend = z.enum(BACKENDS)
export type Backend = z.infer<typeof Backend>
export const SignMode = z.enum(SIGN_MODES)
export type SignMode = z.infer<typeof SignMode>
export const Runs = z.union([z.literal('auto'), z.int().min(0).max(100)])
/** What a proof may be of: a fix of what always fails, or of what fails only in some runs. */
export const Accept = z.array(z.enum(['fix', 'flaky'])).min(1)
export type Accept = z.infer<typeof Accept>
const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be the name of a variable' })

const Limits = z.strictObject({
  max_attempts: limit('max_attempts', 1, 'Proposals that are tried.'),
  max_files_changed: limit('max_files_changed', 1, 'Paths a change may touch; both ends of a rename count.'),
  max_patch_bytes: limit('max_patch_bytes', 1, 'Bytes of patch text, all attempts of a session together.'),
  per_command_timeout_sec: limit('per_command_timeout_sec', 1, 'Seconds; past it a run decides nothing.'),
  session_timeout_sec: limit('session_timeout_sec', 1, 'Seconds for the whole session.'),
  max_output_bytes: limit('max_output_bytes', 1, 'Bytes kept of one output stream; never kills, never judges.'),
  max_model_tokens: limit('max_model_tokens', 0, 'Tokens of a model, in and out, per session.'),
  search_seconds: limit('search_seconds', 0, 'Seconds for the search without a model.'),
  max_candidates: limit('max_candidates', 0, 'Candidates the search may try.'),
  max_worktree_bytes: limit(
    'max_worktree_bytes',
    1,
    'Bytes on disk of all work trees of a session; a tree that comes to more is not checked out.',
  ),
  max_processes: limit(
    'max_processes',
    1,
    'Processes and threads of one run; unless written, 64 for each processor where that is more.',
  ),
})

/** [registry[:port]/]path[:tag][@digest], or an id; nothing in it can be taken for an option. */
const IMAGE =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(?::\d{1,5}(?=\/))?(?:\/[A-Za-z0-9._-]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/

const Sandboxing = z.strictObject({
  backend: Backend.optional().meta({ description: 'What isolates a run.', default: 'auto' }),
  container_runtime: z.enum(['docker', 'podman']).optional().describe('Default: the one that works.'),
  container_image: z
    .string()
    .max(400)
    .regex(IMAGE, { error: 'must be the name of an image, for example "python:3.11-slim"' })
    .optional()
    .describe('Image of the container; naming one makes backend auto mean container. Never pulled by git pp.'),
  container_workdir: z
    .string()
    .regex(/^\/[^\u0000-\u001f]*$/, { error: 'must be an absolute path in the container' })
    .optional()
    .describe('Absolute path of the work tree in the container. Default: the path of the checkout.'),
  cpu_limit: z
    .string()
    .regex(/^\d{1,4}(?:\.\d{1,3})?$/, { error: 'must be a number of processors as text, for example "2" or "0.5"' })
    .optional()
    .describe('Processors of one run, for example "2".'),
  memory_limit: z
    .string()
    .regex(/^[1-9]\d{0,11}[bkmgtBKMGT]?$/, { error: 'must be a size as text, for example "512m" or "2g"' })
    .optional()
    .describe(
      'Memory of one run, in bytes or with b, k, m, g, t (powers of 1024), for example "2g". Default: three quarters of the memory.',
    ),
})

const Rules = z.strictObject({
  network: Network.optional().meta({ description: 'What a run may reach; loopback always works.', default: 'deny' }),
  allowed_commands: z
    .array(text('Exactly as typed; a final " *" stands for further plain words.'))
    .optional()
    .describe('Commands that may be typed; targets always may. Absent: anything.'),
  write_allowlist: z
    .array(Glob)
    .optional()
    .meta({ description: 'Paths a change may touch.', default: ['**'] }),
  deny_write: z.array(Glob).optional().meta({
    description: 'Paths a change may not touch, whatever their case; wins over write_allowlist.',
    default: [],
  }),
  limits: Limits.optional().meta({ title: 'Limits', description: 'Bounds of a session.' }),
  minimize: z.boolean().optional().meta({ description: 'run: take out all that green does not need.', default: true }),
  tests: z
    .strictObject({
      allow_changes: z
        .boolean()
        .optional()
        .meta({ description: 'May a change be green only because judges changed?', default: false }),
      patterns: z
        .array(Glob)
        .optional()
        .meta({ description: 'Further test files, beside those known by convention.', default: [] }),
      allow: z.array(Glob).optional().meta({
        description: 'Judges that a change may edit: paths, or patterns with a directory that is spelled out.',
        default: [],
      }),
      writable: Writing.optional().meta({
        description:
          "Files that decide and that the base's own run writes: allow = private copies that may be written, deny = INVALID_RED.",
        default: 'allow',
      }),
    })
    .optional()
    .meta({ title: 'Tests', description: 'Which files are tests, and what a change may do to them.' }),
  verify: z
    .strictObject({
      runs: Runs.optional().meta({
        description:
          'Pairs of red and green: auto = 3 where a run takes up to 10 s, 2 up to 60 s, else 1. With 0 or 1 no failing test is added to see whether it fails.',
        default: 'auto',
      }),
      accept: Accept.optional().meta({
        description:
          'Kinds of proof that are accepted: fix = PROVED, flaky = STABILIZED. A gate (verify --policy-from) goes by the default, too.',
        default: ['fix'],
      }),
      also: NamedCommands.optional().meta({
        description: 'Commands that must pass on the final tree; a proposer never sees them.',
        default: [],
      }),
    })
    .optional()
    .meta({ title: 'Verification', description: 'How often a change is shown red and green.' }),
  worktree: z
    .strictObject({
      include: z.array(InsidePath).optional().meta({
        description: 'Ignored files and directories that runs need; .worktreeinclude is read too.',
        default: [],
      }),
      history: History.optional().meta({
        description:
          'What commands see of the past: nothing, the commits down to the nearest tags with these, or so many commits.',
        default: 'none',
      }),
      setup: text('Shell line that runs once on the base, before any patch.').optional(),
      setup_env: z.array(VariableName).optional().meta({
        description:
          'Variables of the caller that setup sees and no other run: a token or address of a private registry.',
        default: [],
      }),
      setup_network: Network.optional().meta({ description: 'What setup may reach.', default: 'deny' }),
    })
    .optional()
    .meta({ title: 'Work trees', description: 'What a fresh work tree needs before commands run in it.' }),
  env: z
    .strictObject({
      allow: z.array(VariableName).optional().meta({ description: 'Further variables that runs see.', default: [] }),
    })
    .optional()
    .meta({ title: 'Environment', description: 'What commands see of the environment.' }),
  sandbox: Sandboxing.optional().meta({ title: 'Sandbox', description: 'Where commands run.' }),
  attestation: z
    .strictObject({
      enabled: z.boolean().optional().meta({ description: 'Sign every proof.', default: false }),
      mode: SignMode.optional().meta({ description: 'How to sign.', default: 'hmac-sha256' }),
      key_env: VariableName.optional().describe('Name of the variable that holds the key.'),
    })
    .optional()
    .meta({ title: 'Attestation', description: 'Whether and how proofs are signed.' }),
})

/** What a policy file says, key by key as it is written there. */
export const PolicyFile = z
  .strictObject({
    proof_targets: NamedCommands.optional().describe('Commands that must pass; each is an allowed command.'),
    policy: Rules.optional().meta({ title: 'Policy', description: 'What a change and a run may do.' }),
    provider: z
      .union([Kind, z.array(Kind).min(1)])
      .optional()
      .meta({ description: `Who proposes, in order: ${PROVIDERS}.`, default: 'search' }),
  })
  .meta({
    title: 'Policy file of git pp',
    description: 'pp.yaml, pp.yml or pp.json: which commands must pass, and what a change may do.',
  })
export type PolicyFile = z.infer<typeof PolicyFile>
