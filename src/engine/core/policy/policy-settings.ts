import * as z from 'zod'
import { PolicyFile } from '../../model/policy-file.ts'

/** One key of a policy file that holds a value. `key` as written there, dotted: 'policy.limits.max_attempts'. */
export interface PolicySetting {
  readonly key: string
  readonly schema: z.ZodType
  /** Whether the value is a list, or may be one. */
  readonly list: boolean
  readonly description: string
  readonly default: unknown
}

/** The schema without `optional`. */
export function withoutOptional(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? withoutOptional(schema.unwrap() as z.ZodType) : schema
}

/** Every key of the policy file that holds a value, in the order of the schema. */
export function policySettings(): readonly PolicySetting[] {
  return walk(PolicyFile, '')
}

function walk(schema: z.ZodType, prefix: string): PolicySetting[] {
  const inner = withoutOptional(schema)
  if (!(inner instanceof z.ZodObject)) return [leaf(prefix, schema, inner)]
  return Object.entries(inner.shape).flatMap(([name, child]) =>
    walk(child as z.ZodType, prefix === '' ? name : `${prefix}.${name}`),
  )
}

function leaf(key: string, schema: z.ZodType, inner: z.ZodType): PolicySetting {
  const list = inner instanceof z.ZodArray || (inner instanceof z.ZodUnion && inner.safeParse(['search']).success)
  const meta = { ...inner.meta(), ...schema.meta() }
  return { key, schema: inner, list, description: meta.description ?? '', default: meta['default'] }
}

/**
 * 'policy.limits.max_attempts' → 'pp.limits.maxAttempts', the name in git config; null for keys of commands, which have no
 * name there.
 */
export function gitConfigName(key: string): string | null {
  if (key === 'proof_targets' || key === 'policy.verify.also') return null
  const words = key.replace(/^policy\./, '').split('.')
  const last = words.pop() ?? ''
  return ['pp', ...words, last.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())].join('.')
}

/**
 * 'policy.limits.max_attempts' → 'PP_LIMITS_MAX_ATTEMPTS', the variable; null for lists except provider, which have no
 * variable.
 */
export function variableName(setting: PolicySetting): string | null {
  if (setting.list && setting.key !== 'provider') return null
  return `PP_${setting.key
    .replace(/^policy\./, '')
    .replaceAll('.', '_')
    .toUpperCase()}`
}

const FLAGS: Readonly<Record<string, string>> = {
  'policy.network': '--network',
  'policy.minimize': '--no-minimize',
  'policy.tests.allow': '--allow',
  'policy.verify.runs': '--runs',
  'policy.limits.session_timeout_sec': '--timeout',
  'policy.sandbox.backend': '--sandbox',
  'policy.worktree.include': '--include',
  'policy.worktree.history': '--history',
  'policy.worktree.setup': '--setup',
  'policy.env.allow': '--env',
  'policy.attestation.enabled': '--sign',
  'policy.attestation.mode': '--sign',
  provider: '--provider',
}

/** The option of `run` and `prove` that states this key, or null. */
export function flagName(key: string): string | null {
  return FLAGS[key] ?? null
}
