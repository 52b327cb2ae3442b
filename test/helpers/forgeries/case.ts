import type { ExecutionContext } from 'ava'
import type { VerifyOptions } from '../../../src/engine/model/options.ts'
import type { VerificationVerdict } from '../../../src/engine/model/verification.ts'
import { ALICE, type Bend, type Proof, publicKey, tempProof } from '../proof.ts'

/** A repository in which somebody has forged something, and how it is to be verified. */
export interface Laid {
  readonly proof: Proof
  readonly ask?: Partial<VerifyOptions>
}

/** One attack and what both verifiers have to answer. 'refused': status 2, nothing is looked at. */
export interface Forgery {
  readonly attack: string
  readonly verdict: VerificationVerdict | 'refused'
  readonly lay: (t: ExecutionContext) => Promise<Laid>
}

export interface Group {
  readonly title: string
  readonly cases: readonly Forgery[]
}

/** The question of somebody who trusts these people alone. */
export async function trusting(proof: Proof, seeds: readonly string[] = [ALICE]): Promise<Partial<VerifyOptions>> {
  return { key: await Promise.all(seeds.map((seed) => publicKey(proof.repo, seed))) }
}

/** A proof with a signature of somebody who is trusted. */
export async function signedProof(t: ExecutionContext, bend: Bend = {}): Promise<Proof> {
  const proof = await tempProof(t, bend)
  await proof.put('attestations', await proof.sign(proof.statement()))
  return proof
}

/** A signed proof, bent before it was sealed, asked for by somebody who trusts the signer. */
export const bent =
  (bend: Bend, ask: Partial<VerifyOptions> = {}) =>
  async (t: ExecutionContext): Promise<Laid> => {
    const proof = await signedProof(t, bend)
    return { proof, ask: { ...(await trusting(proof)), ...ask } }
  }

/** A proof on whose note only these lines of attestations stand. */
export const attested =
  (lines: (proof: Proof) => Promise<readonly string[]>, ask: Partial<VerifyOptions> = {}) =>
  async (t: ExecutionContext): Promise<Laid> => {
    const proof = await tempProof(t)
    for (const line of await lines(proof)) await proof.put('attestations', line)
    return { proof, ask: { ...(await trusting(proof)), ...ask } }
  }
