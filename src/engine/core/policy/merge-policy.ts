import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { PathRule, Policy, PolicySource } from '../../model/policy.ts'
import type { PolicyFile } from '../../model/policy-file.ts'
import { DEFAULT_LIMITS, type NamedCommand } from '../../model/policy-values.ts'
import {
  type IsLooser,
  looserAccept,
  looserBackend,
  looserCpu,
  looserFocus,
  looserHistory,
  looserMemory,
  looserMinimum,
  looserNumber,
  looserObservation,
  looserRuns,
  looserSigning,
  looserWhenFalse,
  looserWhenTrue,
  looserWord,
} from '../strictness/index.ts'
import { commandLists, joinPath, refuseUnlisted, targetOf } from './named-commands.ts'
import { type PolicyLayer, sourceOf, spellSource } from './policy-layers.ts'

/**
 * The policy in force. `layers` in order of precedence, weakest first: git config, the base's pp.yaml, further policy files,
 * environment, flags. Values in git config or in a file are binding: if a later layer does not tighten them, this throws
 * POLICY_INVALID (USAGE for a flag) that names both sources. Limits and verdict rules: the stricter value. Allow-lists: all
 * of them have to agree, and a later target must be in them. Deny-lists, test patterns, separate commands, includes and
 * variables: the union. Other values: the last one, but a second policy file cannot replace a value of the first one.
 * `limits: 'written'` (for `prove`) leaves default limits out, except max_output_bytes, which only says how much is kept.
 */
export function mergePolicy(
  layers: readonly PolicyLayer[],
  options: { readonly limits: 'default' | 'written' },
): Policy {
  const merging = open(layers)
  refuseUnlisted(layers)
  return {
    targets: targets(merging, 'proof_targets', (file) => file.proof_targets),
    network: merging.pick('policy.network', (file) => file.policy?.network, looserWord, 'deny'),
    allowedCommands: commandLists(layers),
    writeAllowlist: writeLists(layers),
    denyWrite: pathRules(layers, 'policy.deny_write', (file) => file.policy?.deny_write),
    limits: limits(merging, options.limits),
    minimize: merging.pick('policy.minimize', (file) => file.policy?.minimize, looserWhenFalse, true),
    tests: {
      allowChanges: merging.pick(
        'policy.tests.allow_changes',
        (file) => file.policy?.tests?.allow_changes,
        looserWhenTrue,
        false,
      ),
      patterns: pathRules(layers, 'policy.tests.patterns', (file) => file.policy?.tests?.patterns),
      observed: merging.pick(
        'policy.tests.observed',
        (file) => file.policy?.tests?.observed,
        looserObservation,
        'remark',
      ),
      writable: merging.pick('policy.tests.writable', (file) => file.policy?.tests?.writable, looserWord, 'allow'),
      allow: pathRules(layers, 'policy.tests.allow', (file) => file.policy?.tests?.allow),
    },
    verify: {
      runs: merging.pick('policy.verify.runs', (file) => file.policy?.verify?.runs, looserRuns, 'auto'),
      focus: merging.pick('policy.verify.focus', (file) => file.policy?.verify?.focus, looserFocus, 'auto'),
      accept: merging.pick('policy.verify.accept', (file) => file.policy?.verify?.accept, looserAccept, ['fix']),
      ...minExecuted(merging),
      also: targets(merging, 'policy.verify.also', (file) => file.policy?.verify?.also),
    },
    worktree: worktree(merging),
    env: { allow: [...new Set(layers.flatMap((layer) => layer.values.policy?.env?.allow ?? []))] },
    sandbox: sandbox(merging),
    attestation: attestation(merging),
    provider: [merging.pick('provider', (file) => file.provider, null, ['search'])].flat(),
    files: layers.flatMap((layer) => layer.file ?? []),
    sources: merging.sources,
  }
}

function minExecuted(merging: PolicyMerge): Pick<Policy['verify'], 'minExecuted'> {
  const key = 'policy.verify.min_executed'
  const percent = merging.pick<number, null>(key, (file) => file.policy?.verify?.min_executed, looserMinimum, null)
  return percent === null ? {} : { minExecuted: percent }
}

interface PolicyMerge {
  readonly layers: readonly PolicyLayer[]
  readonly sources: Record<string, PolicySource>
  /** The value in force of one key. `looser` null: values cannot be compared, the last one counts. */
  pick<T, D>(
    key: string,
    read: (file: PolicyFile) => T | undefined,
    looser: IsLooser<NoInfer<T>> | null,
    fallback: D,
  ): T | D
}

function open(layers: readonly PolicyLayer[]): PolicyMerge {
  const sources: Record<string, PolicySource> = {}
  const pick: PolicyMerge['pick'] = (key, read, looser, fallback) => {
    let value: ReturnType<typeof read>
    let bound: { value: NonNullable<typeof value>; source: PolicySource } | undefined
    sources[key] = { from: 'default' }
    for (const layer of layers) {
      const now = read(layer.values)
      if (now === undefined || now === null) continue
      const source = sourceOf(layer, key)
      const clash = looser ?? ((was, is) => bound?.source.from === 'file' && layer.from === 'file' && !same(was, is))
      if (bound && clash(bound.value, now)) throw conflict(key, bound, { value: now, source })
      if (layer.from === 'git-config' || layer.from === 'file') bound = { value: now, source }
      value = now
      sources[key] = source
    }
    return value === undefined ? fallback : value
  }
  return { layers, sources, pick }
}

interface StatedValue {
  readonly value: unknown
  readonly source: PolicySource
}

function conflict(key: string, was: StatedValue, now: StatedValue): PpError {
  const name = key.replace(/^policy\./, '')
  const spelled = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  return new PpError(
    now.source.from === 'flag' ? 'USAGE' : 'POLICY_INVALID',
    `${spellSource(was.source)} says ${name}: ${spelled(was.value)}, and ${spellSource(now.source)} says ${spelled(now.value)}, which allows more; ` +
      'a written policy can only be made stricter',
    { mend: `leave out ${spellSource(now.source)}, or change ${spellSource(was.source)}` },
  )
}

function limits(merging: PolicyMerge, defaults: 'default' | 'written'): Policy['limits'] {
  const kept = <D>(key: keyof typeof DEFAULT_LIMITS, fallback: D) =>
    merging.pick<number, D>(`policy.limits.${key}`, (file) => file.policy?.limits?.[key], looserNumber, fallback)
  const bound = (key: keyof typeof DEFAULT_LIMITS) => kept(key, defaults === 'default' ? DEFAULT_LIMITS[key] : null)
  const samples = kept('max_samples', DEFAULT_LIMITS.max_samples)
  return {
    maxAttempts: bound('max_attempts'),
    maxFilesChanged: bound('max_files_changed'),
    maxPatchBytes: bound('max_patch_bytes'),
    perCommandTimeoutSec: bound('per_command_timeout_sec'),
    sessionTimeoutSec: bound('session_timeout_sec'),
    maxOutputBytes: kept('max_output_bytes', DEFAULT_LIMITS.max_output_bytes),
    maxModelTokens: bound('max_model_tokens'),
    searchSeconds: bound('search_seconds'),
    maxCandidates: bound('max_candidates'),
    ...(samples === DEFAULT_LIMITS.max_samples ? {} : { maxSamples: samples }),
    maxWorktreeBytes: bound('max_worktree_bytes'),
    maxProcesses: bound('max_processes'),
  }
}

function worktree({ layers, pick }: PolicyMerge): Policy['worktree'] {
  const read = (file: PolicyFile) => file.policy?.worktree
  const setup = pick('policy.worktree.setup', (file) => read(file)?.setup, null, null)
  const spoken = layers.findLast((layer) => read(layer.values)?.setup !== undefined)
  return {
    include: [
      ...new Set(
        layers.flatMap((layer) => read(layer.values)?.include?.map((path) => joinPath(layer.root, path)) ?? []),
      ),
    ],
    setupEnv: [...new Set(layers.flatMap((layer) => read(layer.values)?.setup_env ?? []))],
    history: pick('policy.worktree.history', (file) => read(file)?.history, looserHistory, 'none'),
    setup: setup === null ? null : { command: setup, cwd: spoken?.root ?? '' },
    setupNetwork: pick('policy.worktree.setup_network', (file) => read(file)?.setup_network, looserWord, 'deny'),
  }
}

function sandbox({ pick }: PolicyMerge): Policy['sandbox'] {
  const read = (file: PolicyFile) => file.policy?.sandbox
  const key = (name: string) => `policy.sandbox.${name}`
  return {
    backend: pick(key('backend'), (file) => read(file)?.backend, looserBackend, 'auto'),
    containerRuntime: pick(key('container_runtime'), (file) => read(file)?.container_runtime, null, null),
    containerImage: pick(key('container_image'), (file) => read(file)?.container_image, null, null),
    containerWorkdir: pick(key('container_workdir'), (file) => read(file)?.container_workdir, null, null),
    cpuLimit: pick<string, null>(key('cpu_limit'), (file) => read(file)?.cpu_limit, looserCpu, null),
    memoryLimit: pick<string, null>(key('memory_limit'), (file) => read(file)?.memory_limit, looserMemory, null),
  }
}

function attestation({ pick }: PolicyMerge): Policy['attestation'] {
  const read = (file: PolicyFile) => file.policy?.attestation
  const key = (name: string) => `policy.attestation.${name}`
  return {
    enabled: pick(key('enabled'), (file) => read(file)?.enabled, looserWhenFalse, false),
    mode: pick(key('mode'), (file) => read(file)?.mode, looserSigning, 'hmac-sha256'),
    keyEnv: pick(key('key_env'), (file) => read(file)?.key_env, null, null),
  }
}

function writeLists(layers: readonly PolicyLayer[]): PathRule[][] {
  const lists = layers
    .filter((layer) => layer.values.policy?.write_allowlist)
    .map((layer) => pathRules([layer], 'policy.write_allowlist', (file) => file.policy?.write_allowlist))
  return lists.length > 0 ? lists : [[{ pattern: '**', root: '', source: { from: 'default' } }]]
}

function pathRules(
  layers: readonly PolicyLayer[],
  key: string,
  read: (file: PolicyFile) => readonly string[] | undefined,
): PathRule[] {
  return layers.flatMap((layer) =>
    (read(layer.values) ?? []).map((pattern, n) => ({
      pattern,
      root: layer.root,
      source: sourceOf(layer, `${key}.${n}`),
    })),
  )
}

/** The union of named commands; the same name must mean the same command. */
function targets(
  { layers, sources }: PolicyMerge,
  key: string,
  read: (file: PolicyFile) => readonly NamedCommand[] | undefined,
): Target[] {
  const found = new Map<string, StatedValue & { value: Target }>()
  for (const layer of layers) {
    for (const [n, named] of (read(layer.values) ?? []).entries()) {
      const now = { value: targetOf(named, layer.root), source: sourceOf(layer, `${key}.${n}`) }
      const was = found.get(named.name)
      if (was && !same(was.value, now.value)) throw conflict(`${key}.${named.name}`, was, now)
      if (was) continue
      found.set(named.name, now)
      sources[`${key}.${named.name}`] = now.source
    }
  }
  return [...found.values()].map(({ value }) => value)
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
