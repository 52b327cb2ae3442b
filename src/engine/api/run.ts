import { promptText } from '../core/context/index.ts'
import { RUN_MARK } from '../core/environment/index.ts'
import { tracers, treeSitter } from '../evidence/index.ts'
import { hiddenOf, targetsOf, unheeded } from '../flows/base/index.ts'
import { promptFlow, runFlow } from '../flows/propose/index.ts'
import { PpError } from '../model/error.ts'
import type { Caller, RunOptions } from '../model/options.ts'
import type { SessionResult } from '../model/session.ts'
import type { Reporter } from '../ports/reporter.ts'
import {
  type Ground,
  inSession,
  type Opening,
  onGround,
  openProposers,
  proposerConfig,
  withoutKey,
} from '../wiring/index.ts'
import { startOf } from './base-and-policy.ts'
import { signedSession } from './signed-session.ts'

/** Base red, attempts, proof. */
export function run(caller: Caller, options: RunOptions, reporter: Reporter): Promise<SessionResult> {
  return onGround(caller, async (ground) => {
    const { opening, tools } = await prepareRun(caller, ground, options)
    return signedSession(caller, ground, opening, reporter, (session) => runFlow(session, tools))
  })
}

/** The text a model would get for the first attempt; sends nothing, and needs no key. */
export function showPrompt(caller: Caller, options: RunOptions, reporter: Reporter): Promise<string> {
  return onGround(caller, async (ground) => {
    const { opening, tools } = await prepareRun(caller, ground, { ...options, provider: ['search'] })
    return inSession(caller, ground, opening, reporter, async (session) => {
      const { context, command, end } = await promptFlow(session, tools)
      if (end) throw new PpError('USAGE', `no prompt can be made: ${end.reason}`)
      return promptText({ command, context, earlier: [] }).replace(/\n$/, '')
    })
  })
}

/** Everything that can be wrong with a `run` before anything ran: base, policy, command, providers, in this order. */
async function prepareRun(caller: Caller, ground: Ground, options: RunOptions) {
  const { base, policy, warnings: said } = await startOf(caller, ground, options)
  const warnings = [...said, ...(await unheeded(ground.repository, base.tree, null, policy))]
  const targets = targetsOf(policy, options.command, options, ground.repository.place.prefix)
  const proposers = await openProposers({
    kinds: policy.provider,
    named: options.provider,
    // What a killed command leaves lies in its own directory and bears its mark, so that the next one finds it.
    env: { ...withoutKey(caller.env, policy), TMPDIR: ground.scratch, [RUN_MARK]: ground.id },
    config: await proposerConfig(ground),
    flags: options.model === undefined ? {} : { model: options.model },
  })
  const opening: Opening = { kind: 'run', words: ['run'], base, policy, targets, options, alsoTree: null, warnings }
  return { opening, tools: { proposers, hidden: hiddenOf(policy), syntax: treeSitter(), tracers } }
}
