import { attestSession } from '../flows/attest/index.ts'
import type { Base, Sealed, Session } from '../flows/session/index.ts'
import type { Caller } from '../model/options.ts'
import type { SessionResult } from '../model/session.ts'
import type { Reporter } from '../ports/reporter.ts'
import { rememberMade } from '../state/index.ts'
import { type Ground, inSession, type Opening, openSigning } from '../wiring/index.ts'

/** A session whose proof is signed, where that was asked for: by this process, when no child of the session is left. */
export async function signedSession(
  caller: Caller,
  ground: Ground,
  opening: Opening,
  reporter: Reporter,
  flow: (session: Session) => Promise<Sealed>,
): Promise<SessionResult> {
  const { signer, warning } = await openSigning(caller, ground, opening.policy, opening.options)
  await keepBase(ground, opening.base)
  const sealed = await inSession(caller, ground, opening, reporter, (session) => {
    if (warning !== null) session.warnings.push(warning)
    return flow(session)
  })
  await rememberMade(ground.state, sealed.bundle.digest)
  return signer ? attestSession(ground.repository.notes, sealed, signer) : sealed.result
}
/** A base that no branch holds is held by a ref of ours. */
async function keepBase(ground: Ground, base: Base): Promise<void> {
  if (base.snapshot) await ground.refs.update([{ ref: `refs/pp/${ground.id}/base`, to: base.commit, from: null }])
}
