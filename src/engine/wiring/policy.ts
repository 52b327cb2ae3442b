import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import {
  confine,
  environmentLayer,
  type GateRules,
  gateRules,
  gitConfigLayer,
  MAX_POLICY_BYTES,
  mergePolicy,
  notAcceptedReason,
  type PolicyLayer,
  policyForForeignProof,
  spellSource,
} from '../core/policy/index.ts'
import { type PolicyTree, policyLayer, policyOfTree } from '../flows/policies/index.ts'
import type { Repository } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import { BACKENDS } from '../model/kinds.ts'
import type { Caller, SessionOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { PolicyFile } from '../model/policy-file.ts'
import type { SandboxBackend } from '../model/policy-values.ts'

/** All layers, merged. Throws POLICY_INVALID with every problem of a file, USAGE for a flag that loosens. */
export async function readPolicy(
  caller: Caller,
  repository: Repository,
  base: PolicyTree,
  options: SessionOptions & { provider?: readonly string[] },
  limits: 'default' | 'written',
): Promise<Policy> {
  const layers = [
    gitConfigLayer(await configEntries(repository, caller.confined ? 'of the user' : 'all')),
    ...(await policyOfTree(repository.objects, base, repository.place.prefix)),
    ...(options.policyFile ? [await fileLayer(options.policyFile, repository.place.prefix)] : []),
    ...(caller.confined ? [] : [environmentLayer(caller.env)]),
    flagLayer(options, repository.place.prefix),
  ]
  return mergePolicy(layers, { limits })
}

/** The policy of a gate, and what it would allow besides if a person agreed: see `confine`. */
export interface PolicyOfGate {
  readonly policy: Policy
  readonly rules: GateRules
  readonly withheld: readonly string[]
  /** Names what the base asks for; a person agrees to this alone. */
  readonly digest: string
}

/**
 * The policy of the base and of the user, and nothing else: neither variables nor the repository's own configuration may say
 * how a gate runs. Throws POLICY_INVALID.
 */
export async function readGatePolicy(
  repository: Repository,
  base: PolicyTree,
  agreed: (digest: string) => boolean,
): Promise<PolicyOfGate> {
  const layers = [
    gitConfigLayer(await configEntries(repository, 'of the user')),
    ...(await policyOfTree(repository.objects, base, repository.place.prefix)),
  ]
  const written = mergePolicy(layers, { limits: 'written' })
  // Nothing is signed: a gate runs beside an agent, without anybody who could give a key.
  const { policy, withheld } = confine(written, false)
  const digest = createHash('sha256')
    .update(JSON.stringify([written.targets, withheld]))
    .digest('hex')
  const free = { ...written, attestation: policy.attestation }
  return { policy: agreed(digest) ? free : policy, rules: gateRules(layers), withheld, digest }
}

/** The policy for a foreign proof: see `policyForForeignProof`. `options`: what was typed. Throws POLICY_INVALID, USAGE. */
export async function readForeignPolicy(
  caller: Caller,
  repository: Repository,
  base: PolicyTree,
  options: SessionOptions,
): Promise<Policy> {
  const { env, network, history } = options
  const include = options.include.map((path) => posix.join(repository.place.prefix, path))
  const own = [
    gitConfigLayer(await configEntries(repository, 'all')),
    environmentLayer(caller.env),
    flagLayer(options, ''),
  ]
  const theirs = mergePolicy(await policyOfTree(repository.objects, base, repository.place.prefix), {
    limits: 'written',
  })
  const sandbox = options.sandbox === undefined ? undefined : backend(options.sandbox)
  return policyForForeignProof(mergePolicy(own, { limits: 'default' }), theirs, {
    include,
    env,
    network,
    history,
    sandbox,
  })
}

/** If a written policy does not accept the proofs that were asked for, this is reported before anything runs. Throws USAGE. */
export function refuseUnaccepted(policy: Policy, { flaky, mode }: Pick<SessionOptions, 'flaky' | 'mode'>): void {
  const source = policy.sources['policy.verify.accept']
  if (source === undefined || source.from === 'default') return
  const asked = [
    ...(flaky === true ? [['--flaky', 'STABILIZED'] as const] : []),
    ...(mode === 'refactor' ? [['--mode refactor', 'PRESERVED'] as const] : []),
  ]
  for (const [option, verdict] of asked) {
    const unwanted = notAcceptedReason(verdict, policy)
    if (unwanted !== null) throw new PpError('USAGE', `${spellSource(source)}: with ${option}, ${unwanted}`)
  }
}

/** `of the user`: without those of the repository, which come from nobody that this machine knows. */
async function configEntries(
  repository: Repository,
  which: 'all' | 'of the user',
): Promise<{ name: string; value: string | null }[]> {
  const config = await repository.config('pp.')
  return [...config].flatMap(([name, values]) =>
    values
      .filter(({ scope }) => which === 'all' || scope === 'global' || scope === 'system')
      .map(({ value }) => ({ name, value })),
  )
}

async function fileLayer(path: string, root: string): Promise<PolicyLayer> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new PpError('USAGE', `cannot read the policy ${path}: ${cause.message}`, { cause })
  })
  if (bytes.length > MAX_POLICY_BYTES)
    throw new PpError('POLICY_INVALID', `the policy ${path} is larger than ${MAX_POLICY_BYTES} bytes`)
  return policyLayer(bytes.toString('utf8'), path, root, { path: basename(path), commit: null, blob: null })
}

function flagLayer(options: SessionOptions & { provider?: readonly string[] }, root: string): PolicyLayer {
  const limits = options.timeout === undefined ? {} : { limits: { session_timeout_sec: options.timeout } }
  const worktree = {
    ...(options.include.length > 0 ? { include: [...options.include] } : {}),
    ...(options.history === undefined ? {} : { history: options.history }),
    ...(options.setup === undefined ? {} : { setup: options.setup }),
  }
  const values: PolicyFile = {
    policy: {
      ...(options.network === undefined ? {} : { network: options.network }),
      ...(options.minimize === undefined ? {} : { minimize: options.minimize }),
      ...(options.allow && options.allow.length > 0 ? { tests: { allow: [...options.allow] } } : {}),
      ...(options.runs === undefined || options.flaky === true ? {} : { verify: { runs: options.runs } }),
      ...(options.sandbox === undefined ? {} : { sandbox: { backend: backend(options.sandbox) } }),
      ...(options.env.length > 0 ? { env: { allow: [...options.env] } } : {}),
      ...attestationFlags(options),
      ...limits,
      worktree,
    },
    ...(options.provider && options.provider.length > 0 ? { provider: [...options.provider] } : {}),
  }
  return { from: 'flag', root, values }
}

function attestationFlags({ sign, keyEnv }: SessionOptions): Pick<NonNullable<PolicyFile['policy']>, 'attestation'> {
  if (!sign && keyEnv === undefined) return {}
  return {
    attestation: {
      ...(sign ? { enabled: sign.mode !== 'none' } : {}),
      ...(sign?.mode === undefined ? {} : { mode: sign.mode }),
      ...(keyEnv === undefined ? {} : { key_env: keyEnv }),
    },
  }
}

function backend(word: string): SandboxBackend {
  const known = BACKENDS.find((kind) => kind === word)
  if (known) return known
  throw new PpError('USAGE', `there is no sandbox ${word}; known: ${BACKENDS.join(', ')}`)
}
