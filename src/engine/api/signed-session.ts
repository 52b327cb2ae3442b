import { attestSession } from '../flows/attest/index.ts'
import type { SealedSession, Session, SessionBase } from '../flows/session/index.ts'
import type { Caller } from '../model/options.ts'
import type { SessionResult } from '../model/session.ts'
import type { Reporter } from '../ports/reporter.ts'
import type { Signer } from '../ports/signer.ts'
import { rememberMade } from '../state/index.ts'
import { type OpenRepository, openSigning, type SessionRequest, withSession } from '../wiring/index.ts'

/**
 * Runs a session and signs its proof, if that was asked for. This process signs, when no child of the session is left. `own`: the
 * signer of a worker, which was opened before.
 */
export async function signedSession(
  caller: Caller,
  openRepo: OpenRepository,
  opening: SessionRequest,
  reporter: Reporter,
  flow: (session: Session) => Promise<SealedSession>,
  own?: Signer,
): Promise<SessionResult> {
  const { signer, warning } =
    own === undefined
      ? await openSigning(caller, openRepo, opening.policy, opening.options)
      : { signer: own, warning: null }
  await keepBase(openRepo, opening.base)
  const sealed = await withSession(caller, openRepo, opening, reporter, (session) => {
    if (warning !== null) session.warnings.push(warning)
    return flow(session)
  })
  await rememberMade(openRepo.state, sealed.bundle.digest)
  return signer ? attestSession(openRepo.repository.notes, sealed, signer) : sealed.result
}
/** Keeps a base that no branch contains with a ref of our own. */
async function keepBase(openRepo: OpenRepository, base: SessionBase): Promise<void> {
  if (base.snapshot) await openRepo.refs.update([{ ref: `refs/pp/${openRepo.id}/base`, to: base.commit, from: null }])
}
