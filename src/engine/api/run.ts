import { promptText } from '../core/context/index.ts'
import { RUN_MARK } from '../core/environment/index.ts'
import { tracers, validators } from '../evidence/index.ts'
import { hiddenFromProposers, targetsOf } from '../flows/base/index.ts'
import { policiesNotInForce } from '../flows/policies/index.ts'
import { promptFlow, runFlow } from '../flows/propose/index.ts'
import { PpError } from '../model/error.ts'
import type { Caller, RunOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import { DEFAULT_LIMITS } from '../model/policy-values.ts'
import type { SessionResult } from '../model/session.ts'
import type { Reporter } from '../ports/reporter.ts'
import {
  type OpenRepository,
  openProposers,
  openRefuted,
  placeOfProposers,
  proposerConfig,
  type SessionRequest,
  watchDependencies,
  withoutKeyVariable,
  withRepository,
  withSession,
} from '../wiring/index.ts'
import { findBaseAndPolicy } from './base-and-policy.ts'
import { signedSession } from './signed-session.ts'

/** Runs the base, the attempts and the proof. */
export function run(caller: Caller, options: RunOptions, reporter: Reporter): Promise<SessionResult> {
  return withRepository(caller, async (openRepo) => {
    const { opening, tools } = await prepareRun(caller, openRepo, options)
    return signedSession(caller, openRepo, opening, reporter, async (session) => {
      const refuted = await openRefuted(caller, openRepo, opening, session)
      const watch = watchDependencies(session.includes)
      // Also after an interruption: the next session goes on where this one ended.
      const sealed = await runFlow(session, { ...tools, refuted, watch }).finally(() => refuted.save().catch(() => {}))
      return sealed
    })
  })
}

/** The text a model would get for the first attempt; sends nothing, and needs no key. */
export function showPrompt(caller: Caller, options: RunOptions, reporter: Reporter): Promise<string> {
  return withRepository(caller, async (openRepo) => {
    const { opening, tools } = await prepareRun(caller, openRepo, { ...options, provider: ['search'] })
    return withSession(caller, openRepo, opening, reporter, async (session) => {
      const { context, command, end } = await promptFlow(session, tools)
      if (end) throw new PpError('USAGE', `no prompt can be made: ${end.reason}`)
      return promptText({ command, context, earlier: [] }).replace(/\n$/, '')
    })
  })
}

function samplesOf({ limits }: Policy, { samples = 1 }: RunOptions): number {
  const most = limits.maxSamples ?? DEFAULT_LIMITS.max_samples
  if (samples <= most) return samples
  throw new PpError('USAGE', `--samples ${samples}: limits.max_samples allows at most ${most}`, {
    mend: `leave out --samples ${samples}, or raise limits.max_samples`,
  })
}

/** Checks everything that can be wrong with a `run` before anything is run: base, policy, command, providers, in this order. */
async function prepareRun(caller: Caller, openRepo: OpenRepository, options: RunOptions) {
  const { base, policy, warnings: said } = await findBaseAndPolicy(caller, openRepo, options)
  const warnings = [...said, ...(await policiesNotInForce(openRepo.repository, base.tree, null, policy))]
  const samples = samplesOf(policy, options)
  const targets = targetsOf(policy, options.command, options, openRepo.repository.place.prefix)
  const proposers = await openProposers({
    kinds: policy.provider,
    named: options.provider,
    // Leftovers of a killed command are in its own directory and have its mark, so that the next command finds them.
    env: { ...withoutKeyVariable(caller.env, policy), TMPDIR: openRepo.scratch, [RUN_MARK]: openRepo.id },
    config: await proposerConfig(openRepo),
    flags: options.model === undefined ? {} : { model: options.model },
    place: placeOfProposers(caller, openRepo.repository.place.top),
  })
  const opening: SessionRequest = {
    kind: 'run',
    words: ['run'],
    base,
    policy,
    targets,
    options,
    alsoTree: null,
    warnings,
    unsandboxed: proposers.some(({ sandboxed }) => !sandboxed),
  }
  return { opening, tools: { proposers, samples, hidden: hiddenFromProposers(policy), tracers, validators } }
}
