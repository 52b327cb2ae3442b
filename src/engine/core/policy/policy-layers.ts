import * as z from 'zod'
import { PpError } from '../../model/error.ts'
import type { PolicySource } from '../../model/policy.ts'
import { PolicyFile } from '../../model/policy-file.ts'
import { nearest } from '../nearest/index.ts'
import { globProblems } from '../paths/index.ts'
import { flagName, gitConfigName, type PolicySetting, policySettings, variableName } from './policy-settings.ts'

/** One source of the policy. Only git config and files are binding; environment and flags can loosen only defaults. */
export interface PolicyLayer {
  readonly from: 'git-config' | 'file' | 'environment' | 'flag'
  readonly values: PolicyFile
  /** The directory its paths are relative to, from the top of the work tree; '' = the top. */
  readonly root: string
  /** `path` as shown; `commit` and `blob` are null for a file that does not belong to the repository. */
  readonly file?: { readonly path: string; readonly commit: string | null; readonly blob: string | null }
  readonly lines?: ReadonlyMap<string, number>
}

/** Where a layer states `key`; for a list item pass the item's key ('policy.deny_write.0'). */
export function sourceOf(layer: PolicyLayer, key: string): PolicySource {
  if (layer.from === 'file') {
    const line = layer.lines?.get(key)
    return { from: 'file', file: layer.file?.path ?? 'pp.yaml', ...(line === undefined ? {} : { line }) }
  }
  const base = key.replace(/\.\d+$/, '')
  const setting = policySettings().find((one) => one.key === base)
  const name =
    layer.from === 'git-config'
      ? gitConfigName(base)
      : layer.from === 'flag'
        ? flagName(base)
        : setting && variableName(setting)
  return { from: layer.from, ...(name ? { name } : {}) }
}

/** 'pp.yaml:4', 'git config pp.network', 'PP_NETWORK', '--network', 'the default'. */
export function spellSource(source: PolicySource): string {
  if (source.from === 'default') return 'the default'
  if (source.from === 'file') return source.line === undefined ? (source.file ?? '') : `${source.file}:${source.line}`
  return source.from === 'git-config' ? `git config ${source.name}` : (source.name ?? source.from)
}

/** Sections of git config that contain only policy, so an unknown key there is a mistake. */
const OWN_SECTION = /^pp\.(?:limits|tests|verify|worktree|env|sandbox|attestation)\./i

/**
 * The policy part of git config: entries as `git config --list` gives them, in order (null = key without '='). Other pp.*
 * keys are ignored. Throws POLICY_INVALID.
 */
export function gitConfigLayer(
  entries: readonly { readonly name: string; readonly value: string | null }[],
): PolicyLayer {
  const known = new Map(policySettings().map((setting) => [gitConfigName(setting.key)?.toLowerCase(), setting]))
  const stated = new Map<PolicySetting, (string | null)[]>()
  for (const { name, value } of entries) {
    const setting = known.get(name.toLowerCase())
    if (setting) stated.set(setting, [...(stated.get(setting) ?? []), value])
    else if (OWN_SECTION.test(name)) throw unknownName(name)
  }
  return {
    from: 'git-config',
    root: '',
    values: collect(stated, (setting) => `git config ${gitConfigName(setting.key)}`),
  }
}

/** Keys of git config below `pp.` that nothing reads, each with a similar known key. `others`: known keys that are not policy. */
export function unreadKeys(
  names: readonly string[],
  others: readonly string[],
): readonly { readonly name: string; readonly near: string | null }[] {
  const known = [...policySettings().flatMap((setting) => gitConfigName(setting.key) ?? []), ...others]
  const read = new Set(known.map((name) => name.toLowerCase()))
  const unread = names.filter((name) => name.startsWith('pp.') && !read.has(name.toLowerCase()))
  return unread.map((name) => ({ name, near: nearest(name, known) }))
}

function unknownName(name: string): PpError {
  const names = policySettings().flatMap((setting) => gitConfigName(setting.key) ?? [])
  const near = nearest(name, names)
  return new PpError(
    'POLICY_INVALID',
    `git config ${name}: git pp has no such setting${near ? `; did you mean ${near}?` : ''}`,
  )
}

/** The policy part of the environment (PP_NETWORK, PP_LIMITS_MAX_ATTEMPTS, PP_PROVIDER …). Throws POLICY_INVALID. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): PolicyLayer {
  const stated = new Map<PolicySetting, string[]>()
  for (const setting of policySettings()) {
    const name = variableName(setting)
    const value = name === null ? undefined : env[name]
    if (value !== undefined && value !== '') stated.set(setting, [value])
  }
  return { from: 'environment', root: '', values: collect(stated, (setting) => variableName(setting) ?? setting.key) }
}

function collect(
  stated: ReadonlyMap<PolicySetting, readonly (string | null)[]>,
  name: (setting: PolicySetting) => string,
): PolicyFile {
  const values: Record<string, unknown> = {}
  for (const [setting, texts] of stated) {
    const parsed = setting.schema.safeParse(coerce(setting, texts))
    if (!parsed.success) {
      const why = parsed.error.issues[0]?.message ?? 'this value cannot be read'
      throw new PpError('POLICY_INVALID', `${name(setting)} = ${texts.at(-1) ?? ''}: ${why}`)
    }
    put(values, setting.key.split('.'), parsed.data)
  }
  const file = PolicyFile.parse(values)
  const [glob] = globProblems(file)
  if (glob)
    throw new PpError('POLICY_INVALID', `git config ${gitConfigName(glob.key.replace(/\.\d+$/, ''))}: ${glob.text}`)
  return file
}

/**
 * Reads texts as git does: the last one counts, lists take all; true/yes/on, k/m/g. A provider list may be one text with
 * commas.
 */
function coerce(setting: PolicySetting, texts: readonly (string | null)[]): unknown {
  if (setting.key === 'provider') return texts.flatMap((text) => (text ?? '').split(',')).map((kind) => kind.trim())
  if (setting.list) return texts.map((text) => text ?? '')
  const text = texts.at(-1) ?? null
  if (setting.schema instanceof z.ZodBoolean) return boolean(text)
  if (setting.schema instanceof z.ZodNumber || setting.schema instanceof z.ZodUnion) return number(text)
  return text ?? ''
}

function boolean(text: string | null): unknown {
  if (text === null || /^(?:true|yes|on|1)$/i.test(text)) return true
  return /^(?:false|no|off|0|)$/i.test(text) ? false : text
}

function number(text: string | null): unknown {
  const found = /^(\d{1,15})([kmg]?)$/i.exec(text ?? '')
  if (!found) return text
  return Number(found[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((found[2] ?? '').toLowerCase())
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) into[first] = value
  else {
    into[first] ??= {}
    put(into[first] as Record<string, unknown>, rest, value)
  }
}
