import { relative } from 'node:path'
import { recordedIncludes } from '../core/bundle/index.ts'
import { recordedHistory } from '../core/history/index.ts'
import { loosenings } from '../core/policy/index.ts'
import { mendOf, replayFlow } from '../flows/proof/index.ts'
import type { Base } from '../flows/session/index.ts'
import type { Caller, SessionOptions, VerifyOptions } from '../model/options.ts'
import type { ReplayResult } from '../model/session.ts'
import type { Verification } from '../model/verification.ts'
import type { Reporter } from '../ports/reporter.ts'
import { isMade } from '../state/index.ts'
import { inSession, onGround, readForeignPolicy, readPolicy } from '../wiring/index.ts'
import { locate } from './locate.ts'
import { verifiedProof } from './verify.ts'

/** Runs a proof again. `proof`: a commit, a session prefix, a bundle directory, or null for the newest. `verify`: only what holds is run. */
export function replay(
  caller: Caller,
  options: Pick<SessionOptions, 'sandbox' | 'network' | 'history' | 'include' | 'env'> & {
    readonly proof: string | null
    readonly verify?: VerifyOptions
  },
  reporter: Reporter,
): Promise<ReplayResult | Verification> {
  return onGround(caller, async (ground) => {
    const checked = options.verify ? await verifiedProof(caller, ground, options.verify) : null
    if (checked && !checked.proof) return checked.found
    const found = checked?.proof ?? (await locate(caller, ground, options.proof))
    const { repro, bundle } = found
    const { proof: _proof, verify: _verify, ...flags } = options
    const foreign = !(await isMade(ground.state, bundle.digest))
    // Ours is run with the past that it was run with, and may write the judges that it might; a stranger's neither, unless typed.
    const history = foreign ? null : recordedHistory(bundle.files)
    const allow = foreign ? [] : (repro.allowed ?? []).map(({ path }) => fromPrefix(ground.repository.place, path))
    const typed: SessionOptions = { ...(history && { history }), allow, ...flags, keepWorktrees: false }
    const policy = foreign
      ? await readForeignPolicy(caller, ground.repository, repro.base, typed)
      : await readPolicy(caller, ground.repository, repro.base, typed, 'written')
    const base: Base = { ...repro.base }
    const starting = { base, policy, targets: repro.targets, options: typed, words: ['replay'], warnings: [] }
    const opening = { kind: 'replay' as const, ...starting, alsoTree: null, foreign }
    const loosened = loosenings(flags)
    return inSession(caller, ground, opening, reporter, async (session) => {
      const result = await replayFlow(session, found)
      const lacking = recordedIncludes(bundle.files).filter(
        (path) => !session.includes.some((one) => one.path === path),
      )
      const word = options.proof ?? repro.session
      const mend = result.verdict === 'REPRODUCED' ? null : mendOf(result, lacking, word, session.place.prefix)
      return { ...result, mend, foreign, loosened }
    })
  })
}

/** A path of the tree as it is typed where the user stands. */
function fromPrefix({ prefix }: { readonly prefix: string }, path: string): string {
  return relative(`/${prefix}`, `/${path}`)
}
