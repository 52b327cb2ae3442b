import { type Command, spellCommand, type Target } from '../../model/command.ts'
import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'
import type { Bundle, Repro } from '../../model/proof.ts'
import type { TrustedSignature, Verification } from '../../model/verification.ts'
import { environmentOf, policyOf } from '../attest/index.ts'
import { canonicalJson } from '../bytes/index.ts'

/** The job that would run the commands otherwise. */
export interface CoverableJob {
  /** The tree that it would test. */
  readonly tree: string
  /** What it would run. */
  readonly targets: readonly Target[]
  /** The policy of its base. */
  readonly policy: Policy
  /** Names of the signers whose proofs cover. */
  readonly signers: readonly string[]
  readonly machine: { readonly os: string; readonly arch: string; readonly node: string }
}

/** A proof that `verify` accepted with policy and trust of the base. */
export interface AcceptedProof {
  readonly found: Verification
  readonly bundle: Bundle
  readonly repro: Repro
}

/** Why an accepted proof does not say as much as the job would; null: it does. */
export function notCoveredReason(job: CoverableJob, proof: AcceptedProof): string | null {
  const { found, repro } = proof
  if (found.verdict !== 'PROVED') return `its proof is ${found.verdict}, and only PROVED covers`
  if (repro.finalTree !== job.tree) return 'the proof is of another tree than the one that this job tests'
  return signerReason(job, found) ?? commandsReason(job, repro) ?? policyReason(job, proof) ?? machineReason(job, proof)
}

function signerReason({ signers }: CoverableJob, { signatures }: Verification): string | null {
  const provers = signatures.filter(({ role }) => role === 'prover')
  // A key in PEM has no name of its own.
  const isNamed = ({ name, key, fingerprint }: TrustedSignature) =>
    [name, key, fingerprint].some((one) => one !== null && signers.includes(one))
  if (provers.some(isNamed)) return null
  const known = provers.map(({ name, key }) => `${name} (${key ?? 'no key'})`).join(', ')
  return `policy.gate.covered_by of the base names none of those who proved it: ${known || 'nobody signed as prover'}`
}

function commandsReason({ targets }: CoverableJob, { targets: proved, focus }: Repro): string | null {
  const missing = targets.find((one) => !proved.some((other) => sameCommand(one, other)))
  if (missing) return `it does not prove the command ${JSON.stringify(spellCommand(missing.command))}`
  return focus ? 'some of its runs were of the failing tests alone' : null
}

function sameCommand(one: Target, other: Target): boolean {
  const words = (command: Command) => canonicalJson(command)
  return words(one.command) === words(other.command) && one.cwd === other.cwd
}

/** What was there beside the tree may be there in no other job: nothing counts but what the setup of the base made. */
function policyReason({ policy }: CoverableJob, { bundle }: AcceptedProof): string | null {
  const used = policyOf(bundle)
  const blobs = ({ files }: Policy) => canonicalJson(files.map(({ path, blob }) => [path, blob]))
  if (blobs(used) !== blobs(policy)) return 'it was proved under another pp.yaml than that of the base'
  const [variable] = used.env.allow
  if (variable !== undefined) return `its runs saw the variable ${variable}, whose value no proof records`
  const { includes = [], sandbox, network } = environmentOf(bundle)
  const [path] = [...used.worktree.include, ...(used.worktree.setup === null ? includes.map((one) => one.path) : [])]
  if (path !== undefined) return `its runs used ${JSON.stringify(path)}, which is not in the tree`
  if (isBare(sandbox.kind)) return 'its runs had no sandbox'
  return network === 'allow' ? 'its runs could use the network' : null
}

function machineReason({ machine }: CoverableJob, { bundle }: AcceptedProof): string | null {
  const ran = environmentOf(bundle)
  const differing = (['os', 'arch', 'node'] as const).find((name) => ran[name] !== machine[name])
  if (differing === undefined) return null
  return `it ran with ${differing} ${String(ran[differing] ?? 'unknown')}, and this job has ${machine[differing]}`
}
