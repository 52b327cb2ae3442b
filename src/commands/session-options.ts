import { availableParallelism } from 'node:os'
import * as Flags from '@oclif/core/flags'
import {
  BACKENDS,
  BARE,
  either,
  KEY_MODES,
  PpError,
  type SessionOptions,
  SIGN_MODES,
  type SignMode,
} from '../engine/index.ts'
import type { ParsedCommandLine } from './command-line.ts'
import { positiveNumber, variableName, withoutUndefined } from './option-values.ts'

export const historyFlag = Flags.string({
  helpValue: 'none|tags|N',
  summary: 'how much history commands see: none (default), the commits down to the nearest tags, or N commits',
  description:
    'N is 1 to 100000. A replay shows what the proof of this machine was made with, and nothing of the past for a proof of others.',
})

export const sandboxFlag = Flags.string({
  helpValue: BACKENDS.join('|'),
  summary: `what isolates the commands; default: auto; ${either(BARE)} needs --network allow`,
  description:
    'auto takes the container if the policy names an image, else the first of bubblewrap and unshare that works. container is a fresh container of podman or docker for each command; the image is that of the policy and is never pulled.',
})

/** The options for the private key of a signer. */
export const signingKey = {
  key: Flags.string({
    helpValue: 'FILE',
    summary: 'the key to sign with; for ssh also a .pub file whose private key is in your ssh-agent',
    description:
      'A .pub signs only with ssh, and only where an agent or the file beside it has its private half. Default for ssh: user.signingKey of git.',
  }),
  'key-env': Flags.string({
    aliases: ['attestation-key-env'],
    helpValue: 'NAME',
    summary: 'the variable that holds the key to sign with',
    description: 'No command gets it.',
  }),
}

/** The options that `run` and `prove` share. */
export const sessionFlags = {
  target: Flags.string({ helpValue: 'NAME', description: 'run only this target of the policy' }),
  policy: Flags.string({ helpValue: 'FILE', description: "a policy file that adds to the base's own" }),
  base: Flags.string({
    helpValue: 'COMMIT',
    summary: 'start from this commit and ignore uncommitted work',
    description:
      'Of prove: the change from there to CHANGE, which is then a commit, or to HEAD. Default: HEAD with the uncommitted work; of a commit, its parent.',
  }),
  jobs: Flags.string({
    helpValue: 'N|auto',
    summary: 'how many candidates or targets may run at once; default: 1',
    description:
      'Candidates of the search, parts of a patch, and targets, each in a network of its own; at most 8. auto: as many as the machine has processors. The pairs of a proof run one after the other.',
  }),
  sandbox: sandboxFlag,
  network: Flags.option({
    options: ['deny', 'allow'] as const,
    helpValue: 'deny|allow',
    description: 'whether commands may use the network: deny (default) or allow',
  })(),
  history: historyFlag,
  include: Flags.string({
    multiple: true,
    helpValue: 'PATH',
    summary: 'an ignored file or directory that commands need; may be repeated',
    description: 'The path is relative to the current directory.',
  }),
  allow: Flags.string({
    multiple: true,
    helpValue: 'PATTERN',
    summary: 'a test, or another judge, that the change may edit; may be repeated',
    description:
      'A path relative to the current directory, or a pattern with a directory that is spelled out (tests/**) or with an ending that no test of the base has. The first line of the proof names the files. verify --policy-from accepts it only where tests.allow or tests.allow_changes of that policy says the same.',
  }),
  setup: Flags.string({
    helpValue: 'CMD',
    summary: 'run this line once on the base, before any patch',
    description: 'One line for sh -c.',
  }),
  env: Flags.string({
    multiple: true,
    helpValue: 'NAME',
    description: 'an environment variable of yours that commands may read; may be repeated',
  }),
  expect: Flags.string({ helpValue: 'TEXT', description: 'the failing output must contain this text' }),
  'hang-after': Flags.string({
    helpValue: 'SECONDS',
    summary: 'a run that takes longer than this is red',
    description: 'Parts of a second down to 0.001. Green must then end within half of it. Default: none.',
  }),
  timeout: Flags.string({
    helpValue: 'SECONDS',
    summary: 'end the session after this time; default: 3600',
    description: 'Whole seconds.',
  }),
  runs: Flags.string({
    helpValue: 'N|auto',
    summary:
      'how many pairs of fresh runs, without the change and with it; 0 runs each once, which proves little; default: auto',
    description:
      'N is 0 to 100. auto is 3 where a run takes up to 10 s, 2 up to 60 s, else 1, which is red, green, red. With 0 or 1 no failing test is added to see whether it fails. With --flaky it is the largest number of pairs, 5 to 100.',
  }),
  'no-minimize': Flags.boolean({ description: 'keep the whole patch; do not remove parts that are not needed' }),
  'keep-worktrees': Flags.boolean({
    aliases: ['keep-sandbox'],
    summary: 'keep the worktrees, so that you can look at them',
    description: 'The answer says where they are, and git pp gc removes them.',
  }),
  sign: Flags.option({
    options: SIGN_MODES,
    aliases: ['attestation-mode'],
    helpValue: 'MODE',
    summary: `sign the proof: ${either(KEY_MODES)}; default: as the policy says`,
    description:
      'none does not sign. Without a key nothing is started. Without a sandbox nothing is signed, because the command could have read the key.',
  })(),
  ...signingKey,
  attest: Flags.boolean({ hidden: true, description: 'sign the proof as the policy says' }),
  apply: Flags.boolean({
    summary: 'put the proved change into your files, as git pp apply does',
    description: 'Not with --each.',
  }),
  artifacts: Flags.boolean({ description: 'also export the bundle to .pp-artifacts/SESSION/proof_bundle' }),
}

/** `sessionFlags` as oclif read them. */
export interface SessionFlags {
  readonly target: string | undefined
  readonly policy: string | undefined
  readonly base: string | undefined
  readonly jobs: string | undefined
  readonly sandbox: string | undefined
  readonly network: 'deny' | 'allow' | undefined
  readonly history: string | undefined
  readonly include: string[] | undefined
  readonly allow: string[] | undefined
  readonly setup: string | undefined
  readonly env: string[] | undefined
  readonly expect: string | undefined
  readonly 'hang-after': string | undefined
  readonly timeout: string | undefined
  readonly runs: string | undefined
  readonly 'no-minimize': boolean
  readonly sign: SignMode | undefined
  readonly key: string | undefined
  readonly 'key-env': string | undefined
  readonly attest: boolean
  readonly 'keep-worktrees': boolean
}

/** Throws USAGE for a text that is not a number. */
export function sessionOptions(flags: SessionFlags, typed: ParsedCommandLine): SessionOptions {
  const said = {
    policyFile: flags.policy,
    target: flags.target,
    base: flags.base,
    jobs: flags.jobs === 'auto' ? availableParallelism() : positiveNumber('--jobs', flags.jobs),
    sandbox: flags.sandbox,
    network: flags.network,
    history: parseHistory(flags.history),
    setup: flags.setup,
    expect: flags.expect,
    hangAfter: seconds('--hang-after', flags['hang-after']),
    timeout: positiveNumber('--timeout', flags.timeout),
    runs: runs(flags.runs),
    minimize: flags['no-minimize'] ? false : undefined,
    sign: flags.sign === undefined ? (flags.attest ? {} : undefined) : { mode: flags.sign },
    keyFile: flags.key,
    keyEnv: flags['key-env'] === undefined ? undefined : variableName('--key-env', flags['key-env']),
  }
  return {
    ...withoutUndefined(said),
    include: flags.include ?? [],
    allow: flags.allow ?? [],
    typed: { options: typed.options, words: typed.words, argv: typed.argv },
    env: (flags.env ?? []).map((name) => variableName('--env', name)),
    keepWorktrees: flags['keep-worktrees'],
  }
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,8}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text)
  throw new PpError('USAGE', `${option} ${text}: this must be a number of seconds above 0`)
}

/** Throws USAGE for a text that is neither none, tags nor a number of commits. */
export function parseHistory(text: string | undefined): SessionOptions['history'] | undefined {
  if (text === undefined || text === 'none' || text === 'tags') return text
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= 100_000) return Number(text)
  throw new PpError('USAGE', `--history ${text}: this must be none, tags or a number of commits from 1 to 100000`)
}

function runs(text: string | undefined): 'auto' | number | undefined {
  if (text === undefined || text === 'auto') return text
  if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text)
  throw new PpError('USAGE', `--runs ${text}: this must be auto or a whole number from 0 to 100`)
}
