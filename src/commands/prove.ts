import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import * as Flags from '@oclif/core/flags'
import { FEWEST_PAIRS, PpError, PROVE_MODES, type ProveMode, prove } from '../engine/index.ts'
import { onAnswer, refuseBesideOn, type WorkerFlags, workerFlags } from './prove-on.ts'
import { patchesAnswer } from './prove-patches.ts'
import { sessionAnswer } from './session-answer.ts'
import { sessionFlags, sessionOptions } from './session-options.ts'
import { type CommandAnswer, type CommandInput, loudness, Verb } from './verb.ts'

export default class Prove extends Verb {
  static override description =
    'Runs the command without the change and with it, in fresh worktrees, as often as --runs says, and shows that it is red without and green with the change. It needs no proposer, no key and no policy.\nCHANGE is a commit, or A..B for the whole change from their merge base to B. Without CHANGE, the uncommitted work is proved, or HEAD if there is none. A single word is the CHANGE if git knows it as a revision, else the COMMAND.'
  static override usage = ['prove [OPTIONS] [CHANGE] [COMMAND]', 'prove [OPTIONS] [CHANGE] -- ARGV...']
  static override examples = [
    'git pp prove "pytest -q"',
    'git pp prove HEAD~2 "npm test"',
    'git pp prove main..fix --each -- make check',
    'git pp prove main..fix --policy-from main',
    'git pp prove --patch fix.diff "pytest -q"',
    'git pp prove --patches patches.jsonl --jobs 2 "pytest -q"',
    'git pp prove main..fix --each --on nats://127.0.0.1:4222 --workers keys.pub "pytest -q"',
    'git pp prove --mode refactor HEAD "pytest -q"',
    'git pp prove --flaky HEAD "pytest -q tests/test_order.py"',
  ]
  static override words = {
    most: 2,
    command: true,
    about: { CHANGE: 'the change to prove', COMMAND: 'the command that must pass; default: all targets of the policy' },
  }
  static override flags = {
    ...loudness,
    ...sessionFlags,
    patch: Flags.string({
      helpValue: 'FILE',
      description: 'prove the diff in this file instead of a CHANGE; - reads it from stdin',
    }),
    patches: Flags.string({
      helpValue: 'FILE',
      summary: 'prove each patch of this file, which has one JSON object in a line; - reads stdin',
      description:
        'Keys: id, base (a commit; default: --base, else HEAD), patch, command (default: COMMAND, else the targets of the policy); model_patch, instance_id and base_commit mean the same. Each verdict is printed as a line of JSON as soon as it is known, a table on stderr at the end. --jobs says how many sessions may run at once. Called again with the same file, only what has no verdict yet is run.',
    }),
    each: Flags.boolean({ description: 'prove each commit of A..B, one after the other' }),
    'policy-from': Flags.string({
      helpValue: 'REF',
      summary: 'use the policy of this commit, not that of the base, which the author of a branch chooses',
      description:
        'The policy, also that of directories, is read from this commit, and the record names it. The change has to start at the merge base with this commit, or with --each at a commit that was proved before. It is meant for gates.',
    }),
    mode: Flags.option({
      options: PROVE_MODES,
      helpValue: 'fix|refactor|auto',
      summary: 'refactor: prove a change without a red, which keeps what works; auto: either; default: fix',
      description:
        'With refactor the verdict is PRESERVED: no judge is touched but for added test files, every test is green without and with the change, and tests run lines that it changes. The default is auto if verify.accept of the policy contains refactor.',
    })(),
    ...workerFlags,
    flaky: Flags.boolean({
      summary:
        'for a command that fails only in some runs: run it without and with the change in turn until chance cannot explain the difference, at most --runs pairs (5 to 100; default: 60)',
      description:
        "It ends when Fisher's exact test tells the two apart below 1 %, when one run fails with the change, or when --runs or --timeout is spent.",
    }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Prove, [...typed.options])
    const { words, argv } = typed
    const spare = words.length + (argv === null ? 0 : 1)
    if (flags.patch !== undefined && spare > 1) {
      throw new PpError('USAGE', `--patch and ${words[0]} both name a change; leave one of them out`)
    }
    if (flags.apply && flags.each)
      throw new PpError('USAGE', '--each proves many commits, but --apply takes only one change; leave one of them out')
    if (flags.patch !== undefined && flags.each)
      throw new PpError('USAGE', '--each needs a range A..B; it does not work with --patch')
    refuseContradictions(flags)
    const said = sessionOptions(flags, typed)
    if (flags.on !== undefined) {
      refuseBesideOn(flags)
      const options = { ...said, ...(flags.mode === undefined ? {} : { mode: flags.mode }) }
      return onAnswer({ caller, reporter, typed, flags, options, patches: flags.patches ?? null, each: flags.each })
    }
    refuseWithoutOn(flags)
    if (flags.patches !== undefined) {
      refuseBesidePatches(flags, spare)
      const options = { ...said, ...(flags.mode === undefined ? {} : { mode: flags.mode }) }
      return patchesAnswer({ caller, reporter, typed, file: flags.patches, options })
    }
    if (flags.flaky && typeof said.runs === 'number' && said.runs < FEWEST_PAIRS)
      throw new PpError(
        'USAGE',
        `--flaky needs at least ${FEWEST_PAIRS} pairs to show a difference: --runs ${FEWEST_PAIRS}`,
      )
    const options = {
      ...said,
      flaky: flags.flaky,
      ...(flags.mode === undefined ? {} : { mode: flags.mode }),
      words,
      argv,
      patch: flags.patch === undefined ? null : await readPatch(flags.patch),
      each: flags.each,
      ...(flags['policy-from'] === undefined ? {} : { policyFrom: flags['policy-from'] }),
    }
    const results = await prove(caller, options, reporter)
    return sessionAnswer(results, { caller, artifacts: flags.artifacts, apply: flags.apply, many: flags.each })
  }
}

/** `spare`: how many of CHANGE and COMMAND were typed. */
function refuseBesidePatches(
  flags: Readonly<Record<'each' | 'flaky' | 'apply' | 'artifacts', boolean>> & {
    readonly patch: string | undefined
    readonly 'policy-from': string | undefined
  },
  spare: number,
): void {
  if (spare > 1) throw new PpError('USAGE', '--patches names the changes; only a COMMAND may be typed beside it')
  const one = (['patch', 'each', 'flaky', 'apply', 'artifacts', 'policy-from'] as const).find(
    (name) => flags[name] !== undefined && flags[name] !== false,
  )
  if (one !== undefined) throw new PpError('USAGE', `--patches does not work with --${one}; leave one of them out`)
}

function refuseWithoutOn(flags: WorkerFlags): void {
  const one = (['workers', 'confirm-by', 'recheck', 'detach', 'environment', 'deadline'] as const).find(
    (name) => flags[name] !== undefined && flags[name] !== false,
  )
  if (one !== undefined) throw new PpError('USAGE', `--${one} is about workers; add --on URL`)
}

function refuseContradictions(flags: {
  readonly mode: ProveMode | undefined
  readonly flaky: boolean
  readonly expect: string | undefined
}): void {
  if (flags.flaky && flags.mode !== undefined && flags.mode !== 'fix')
    throw new PpError('USAGE', `--flaky proves a fix; it does not work with --mode ${flags.mode}`)
  if (flags.expect !== undefined && flags.mode === 'refactor')
    throw new PpError('USAGE', '--expect needs a command that fails; it does not work with --mode refactor')
}

async function readPatch(file: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await buffer(process.stdin) : await readFile(file)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : 'no answer'
    throw new PpError('USAGE', `cannot read the patch file ${file}: ${why}`, { cause })
  }
}
