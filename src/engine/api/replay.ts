import { relative } from 'node:path'
import { recordedIncludes } from '../core/bundle/index.ts'
import { recordedHistory } from '../core/history/index.ts'
import { loosenings } from '../core/policy/index.ts'
import { mendOf, replayFlow } from '../flows/replay/index.ts'
import type { SessionBase } from '../flows/session/index.ts'
import type { Caller, SessionOptions, VerifyOptions } from '../model/options.ts'
import type { ReplayResult } from '../model/session.ts'
import type { Verification } from '../model/verification.ts'
import type { Reporter } from '../ports/reporter.ts'
import { isMadeHere } from '../state/index.ts'
import { readForeignPolicy, readPolicy, withRepository, withSession } from '../wiring/index.ts'
import { locateProof } from './locate-proof.ts'
import { verifiedProof } from './verify.ts'

/**
 * Runs a proof again. `proof`: a commit, a session prefix, a bundle directory, or null for the newest. With `verify`, only a
 * proof that holds is run.
 */
export function replay(
  caller: Caller,
  options: Pick<SessionOptions, 'sandbox' | 'network' | 'history' | 'include' | 'env'> & {
    readonly proof: string | null
    readonly verify?: VerifyOptions
  },
  reporter: Reporter,
): Promise<ReplayResult | Verification> {
  return withRepository(caller, async (openRepo) => {
    const checked = options.verify ? await verifiedProof(caller, openRepo, options.verify) : null
    if (checked && !checked.proof) return checked.found
    const found = checked?.proof ?? (await locateProof(caller, openRepo, options.proof))
    const { repro, bundle } = found
    const { proof: _proof, verify: _verify, ...flags } = options
    const foreign = !(await isMadeHere(openRepo.state, bundle.digest))
    // Our own proof runs with the history that it had, and may write the judges that it was allowed to write. A foreign proof
    // gets neither, unless the user typed it.
    const history = foreign ? null : recordedHistory(bundle.files)
    const allow = foreign ? [] : (repro.allowed ?? []).map(({ path }) => fromPrefix(openRepo.repository.place, path))
    const typed: SessionOptions = { ...(history && { history }), allow, ...flags, keepWorktrees: false }
    const policy = foreign
      ? await readForeignPolicy(caller, openRepo.repository, repro.base, typed)
      : await readPolicy(caller, openRepo.repository, repro.base, typed, 'written')
    const base: SessionBase = { ...repro.base }
    const starting = { base, policy, targets: repro.targets, options: typed, words: ['replay'], warnings: [] }
    const opening = { kind: 'replay' as const, ...starting, alsoTree: null, foreign }
    const loosened = loosenings(flags)
    return withSession(caller, openRepo, opening, reporter, async (session) => {
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

/** A path of the tree, relative to the user's directory. */
function fromPrefix({ prefix }: { readonly prefix: string }, path: string): string {
  return relative(`/${prefix}`, `/${path}`)
}
