import * as z from 'zod'

import {
  AcceptedProofs,
  Focus,
  Glob,
  HistoryDepth,
  IMAGE,
  InsidePath,
  JudgeObservation,
  JudgeWriting,
  Kind,
  limit,
  NamedCommands,
  Network,
  OldFailures,
  Percent,
  PROVIDERS,
  Runs,
  SandboxBackend,
  SignMode,
  text,
  VariableName,
} from './policy-values.ts'

const Limits = z.strictObject({
  max_attempts: limit('max_attempts', 1, 'How many proposals are tried.'),
  max_files_changed: limit('max_files_changed', 1, 'How many paths a change may touch; both ends of a rename count.'),
  max_patch_bytes: limit(
    'max_patch_bytes',
    1,
    'How many bytes of patch text all attempts of a session may have together.',
  ),
  per_command_timeout_sec: limit(
    'per_command_timeout_sec',
    1,
    'Seconds for one run of a command; a run that takes longer decides nothing. As long as nobody states it, a run that still prints may take longer.',
  ),
  session_timeout_sec: limit('session_timeout_sec', 1, 'Seconds for the whole session.'),
  max_output_bytes: limit(
    'max_output_bytes',
    1,
    'How many bytes of one output stream are kept. It never ends a command and never decides anything.',
  ),
  max_model_tokens: limit('max_model_tokens', 0, 'Tokens that a model may use in a session, in and out.'),
  search_seconds: limit('search_seconds', 0, 'Seconds for the built-in search.'),
  max_candidates: limit('max_candidates', 0, 'How many candidates the built-in search may try.'),
  max_samples: limit('max_samples', 1, 'The largest number that --samples may have.'),
  max_worktree_bytes: limit(
    'max_worktree_bytes',
    1,
    'Bytes on disk of all worktrees of a session; a larger tree is not checked out.',
  ),
  max_processes: limit(
    'max_processes',
    1,
    'Processes and threads of one run. If it is not written: 64 for each processor, if that is more than the default.',
  ),
})

const Sandboxing = z.strictObject({
  backend: SandboxBackend.optional().meta({
    description: 'The sandbox that isolates a run; auto takes the strongest that works.',
    default: 'auto',
  }),
  container_runtime: z
    .enum(['docker', 'podman'])
    .optional()
    .describe('The program that runs containers. Default: the one that works.'),
  container_image: z
    .string()
    .max(400)
    .regex(IMAGE, { error: 'must be the name of an image, for example "python:3.11-slim"' })
    .optional()
    .describe('Image of the container. If it is named, the backend auto means container. git pp never pulls an image.'),
  container_workdir: z
    .string()
    .regex(/^\/[^\u0000-\u001f]*$/, { error: 'must be an absolute path in the container' })
    .optional()
    .describe('Absolute path of the worktree in the container. Default: the path of the checkout.'),
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
  network: Network.optional().meta({
    description: 'Whether a run may use the network; loopback always works.',
    default: 'deny',
  }),
  allowed_commands: z
    .array(text('The command exactly as it is typed; " *" at the end stands for further plain words.'))
    .optional()
    .describe('The commands that may be typed; targets always may. Without it, any command may be typed.'),
  write_allowlist: z
    .array(Glob)
    .optional()
    .meta({ description: 'Paths that a change may touch.', default: ['**'] }),
  deny_write: z.array(Glob).optional().meta({
    description: 'Paths that a change may not touch, in upper or lower case; stronger than write_allowlist.',
    default: [],
  }),
  limits: Limits.optional().meta({ title: 'Limits', description: 'Limits of a session.' }),
  minimize: z
    .boolean()
    .optional()
    .meta({ description: 'git pp run: take everything out of the patch that is not needed for green.', default: true }),
  tests: z
    .strictObject({
      allow_changes: z
        .boolean()
        .optional()
        .meta({ description: 'Whether a change may be green only because it changes judges.', default: false }),
      patterns: z
        .array(Glob)
        .optional()
        .meta({ description: 'Further test files, besides those that git pp knows by their names.', default: [] }),
      allow: z.array(Glob).optional().meta({
        description: 'Judges that a change may edit: paths, or patterns that name a directory.',
        default: [],
      }),
      writable: JudgeWriting.optional().meta({
        description:
          'Judges that the run of the base itself writes: with allow, each run writes private copies of them; with deny, the verdict is INVALID_RED.',
        default: 'allow',
      }),
      observed: JudgeObservation.optional().meta({
        description:
          'Changes that need other data than that of the base, and machines on which it cannot be observed what the command reads: with remark, the proof says so first; with deny, there is no proof.',
        default: 'remark',
      }),
    })
    .optional()
    .meta({ title: 'Tests', description: 'Which files are tests, and what a change may do to them.' }),
  verify: z
    .strictObject({
      runs: Runs.optional().meta({
        description:
          'How many pairs of red and green, the first runs included: auto means 3 if a run takes up to 10 s, 2 up to 60 s, else 1. 1 means red, green, red; 0 means each once. With 0 or 1, git pp does not check that an added failing test fails.',
        default: 'auto',
      }),
      focus: Focus.optional().meta({
        description:
          'Where one run takes longer than 60 s and the runner can select tests: with auto, the suite is run whole once without the change, once with it and once with an added failing test, and all further runs are of the failing tests alone; fast leaves out the run with the added test; never runs everything each time.',
        default: 'auto',
      }),
      accept: AcceptedProofs.optional().meta({
        description:
          'Kinds of proof that are accepted: fix for PROVED, flaky for STABILIZED, refactor for PRESERVED. A gate (verify --policy-from) uses the default too. With refactor, git pp prove also takes a change without a red.',
        default: ['fix'],
      }),
      min_executed: Percent.optional().describe(
        'PRESERVED only: how many of the changed lines that can run the tests have to run, in percent. Without it: at least one line.',
      ),
      also: NamedCommands.optional().meta({
        description: 'Further commands that must pass on the final tree; a proposer never sees them.',
        default: [],
      }),
    })
    .optional()
    .meta({ title: 'Verification', description: 'How a change is proved.' }),
  worktree: z
    .strictObject({
      include: z.array(InsidePath).optional().meta({
        description: 'Ignored files and directories that runs need; .worktreeinclude is read as well.',
        default: [],
      }),
      history: HistoryDepth.optional().meta({
        description:
          'How much history commands see: none, the commits down to the nearest tags, or this number of commits.',
        default: 'none',
      }),
      setup: text('Shell line that runs once on the base, before any patch.').optional(),
      setup_env: z.array(VariableName).optional().meta({
        description: 'Environment variables that only setup sees, such as the token of a private registry.',
        default: [],
      }),
      setup_network: Network.optional().meta({ description: 'Whether setup may use the network.', default: 'deny' }),
    })
    .optional()
    .meta({ title: 'Worktrees', description: 'What a fresh worktree needs before commands run in it.' }),
  env: z
    .strictObject({
      allow: z
        .array(VariableName)
        .optional()
        .meta({ description: 'Further environment variables that runs see.', default: [] }),
    })
    .optional()
    .meta({ title: 'Environment', description: 'Which environment variables commands see.' }),
  gate: z
    .strictObject({
      min_deadline_sec: z.int().min(1).max(570).optional().meta({
        description:
          'git pp gate answers no sooner than after so many seconds, even if a shorter --deadline was registered. It has to stay below the limit of the agent, which is 600 s as git pp init registers it.',
        default: 1,
      }),
      old_failures: OldFailures.optional().meta({
        description:
          'What git pp gate does about tests that fail as on the base: block sends the agent back, once does so the first time, remark lets it go.',
        default: 'once',
      }),
      covered_by: z.array(z.string().min(1)).optional().meta({
        description:
          'Signers in .pp/allowed_signers, by name or by the id of their key, whose proofs stand for a job of CI on a pull request: see git pp covered. List only those who prove on machines like those of your CI.',
        default: [],
      }),
    })
    .optional()
    .meta({
      title: 'Gate',
      description:
        'How git pp gate answers coding agents, and whether proofs stand for jobs of CI. It says nothing about a proof.',
    }),
  sandbox: Sandboxing.optional().meta({ title: 'Sandbox', description: 'The sandbox in which commands run.' }),
  attestation: z
    .strictObject({
      enabled: z.boolean().optional().meta({ description: 'Whether every proof is signed.', default: false }),
      mode: SignMode.optional().meta({ description: 'The way to sign.', default: 'hmac-sha256' }),
      key_env: VariableName.optional().describe('The name of the environment variable that holds the key.'),
    })
    .optional()
    .meta({ title: 'Attestation', description: 'Whether and how proofs are signed.' }),
})

/** The content of a policy file, with its keys as they are written there. */
export const PolicyFile = z
  .strictObject({
    proof_targets: NamedCommands.optional().describe('Commands that must pass. They may always be typed.'),
    policy: Rules.optional().meta({ title: 'Policy', description: 'What a change and a run may do.' }),
    provider: z
      .union([Kind, z.array(Kind).min(1)])
      .optional()
      .meta({ description: `Who proposes patches, in this order: ${PROVIDERS}.`, default: 'search' }),
  })
  .meta({
    title: 'Policy file of git pp',
    description: 'pp.yaml, pp.yml or pp.json: which commands must pass, and what a change may do.',
  })
export type PolicyFile = z.infer<typeof PolicyFile>
