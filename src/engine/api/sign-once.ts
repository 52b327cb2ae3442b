import { PpError } from '../model/error.ts'
import type { Caller } from '../model/options.ts'
import type { SignOnceAnswer, SignOnceRequest } from '../model/trust.ts'
import { signerAt } from '../wiring/index.ts'

/** Opens a key, signs what there is to sign, and ends; for a session, which never holds a key itself. */
export async function signOnce(caller: Caller, request: SignOnceRequest): Promise<SignOnceAnswer> {
  try {
    const { keyid, fingerprint, sign } = await signerAt(caller, request)
    const signature = request.message === null ? null : await sign(Buffer.from(request.message, 'base64'))
    return { keyid, fingerprint, signature: signature && Buffer.from(signature).toString('base64') }
  } catch (error) {
    if (!(error instanceof PpError && error.code === 'USAGE')) throw error
    return { refused: error.message, mend: error.mend ?? null }
  }
}
