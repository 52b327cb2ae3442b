import { PpError } from '../../model/error.ts'
import type { Caller } from '../../model/options.ts'
import { SIGN_ONCE, type SigningRequest, type SignOnceAnswer } from '../../model/trust.ts'
import { howEnded, runProgram } from '../../platform/index.ts'
import type { Signer } from '../../ports/signer.ts'

/**
 * A signer whose key is only ever held by a process of its own, for as long as one signature takes: the process of a session
 * reads what foreign commands print, and may take its code from the code cache. Throws USAGE.
 */
export async function signerApart(caller: Caller, request: SigningRequest): Promise<Signer> {
  const { keyid, fingerprint } = await askSigner(caller, request, null)
  return {
    ...{ mode: request.mode, keyid, fingerprint },
    async sign(message) {
      const signed = await askSigner(caller, request, Buffer.from(message).toString('base64'))
      if (signed.keyid !== keyid || signed.signature === null)
        throw new PpError('USAGE', 'the proof is not signed, because the key changed while the session ran', {
          mend: 'sign it with git pp attest',
        })
      return Buffer.from(signed.signature, 'base64')
    },
  }
}

async function askSigner({ node, program, env, cwd }: Caller, request: SigningRequest, message: string | null) {
  const given = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const end = await runProgram({
    ...{ program: node, args: [program ?? '', SIGN_ONCE], cwd, env: Object.fromEntries(given) },
    input: JSON.stringify({ ...request, message }),
    // In our process group, because only there ssh-keygen can ask for a passphrase on the terminal.
    inOurGroup: true,
  })
  if (end.how !== 'exited' || end.code !== 0) throw new PpError('INTERNAL', `the process that signs ${howEnded(end)}`)
  // Our own program wrote it.
  const answer = JSON.parse(end.stdout.toString()) as SignOnceAnswer
  if (!('refused' in answer)) return answer
  throw new PpError('USAGE', answer.refused, answer.mend === null ? {} : { mend: answer.mend })
}
