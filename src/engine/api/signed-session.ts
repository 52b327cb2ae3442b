import { attestSession } from '../flows/attest/index.ts'
import type { SealedSession, Session, SessionBase } from '../flows/session/index.ts'
import type { Caller } from '../model/options.ts'
import type { SessionResult } from '../model/session.ts'
import type { Reporter } from '../ports/reporter.ts'
import { rememberMade } from '../state/index.ts'
import { type OpenRepository, openSigning, type SessionRequest, withSession } from '../wiring/index.ts'

/** A session whose proof is signed, where that was asked for: by this process, when no child of the session is left. */
export async function signedSession(
  caller: Caller,
  openRepo: OpenRepository,
  opening: SessionRequest,
  reporter: Reporter,
  flow: (session: Session) => Promise<SealedSession>,
): Promise<SessionResult> {
  const { signer, warning } = await openSigning(caller, openRepo, opening.policy, opening.options)
  await keepBase(openRepo, opening.base)
  const sealed = await withSession(caller, openRepo, opening, reporter, (session) => {
    if (warning !== null) session.warnings.push(warning)
    return flow(session)
  })
  await rememberMade(openRepo.state, sealed.bundle.digest)
  return signer ? attestSession(openRepo.repository.notes, sealed, signer) : sealed.result
}
/** A base that no branch holds is held by a ref of ours. */
async function keepBase(openRepo: OpenRepository, base: SessionBase): Promise<void> {
  if (base.snapshot) await openRepo.refs.update([{ ref: `refs/pp/${openRepo.id}/base`, to: base.commit, from: null }])
}
