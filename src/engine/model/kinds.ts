/** What kinds of plugs there are, in the forms in which messages, help and schemas list them. */
import { AGENTS, type AgentName, type KeyMode, PRESETS, PROPOSERS, SANDBOXES, SIGNERS } from './kinds.generated.ts'

/** The proposers that help lists; others work if they are named. */
export const OFFERED_PROPOSERS: readonly string[] = PROPOSERS.flatMap(({ kind, offered }) =>
  offered === null ? [] : [kind],
)

/** The values of `--sandbox`. */
export const BACKENDS = ['auto', ...SANDBOXES.map(({ kind }) => kind)] as const
/** The values of `--agent`. */
export const AGENT_NAMES: readonly string[] = AGENTS.map(({ kind }) => kind)
export const KEY_MODES = SIGNERS.map(({ kind }) => kind)
/** Modes whose keys can be bare bytes, so that the text of a key does not show its mode. */
export const MODES_OF_BARE_KEYS = SIGNERS.flatMap(({ kind, keyTells }) => (keyTells === 'always' ? [] : [kind]))
/** The types of PEM keys that some mode accepts. */
export const KEY_TYPES: readonly string[] = SIGNERS.flatMap(({ keyType }) => (keyType === null ? [] : [keyType]))

/** The mode for public keys of this type; null if there is none. */
export function modeOfKeyType(type: string): KeyMode | null {
  return SIGNERS.find(({ keyType }) => keyType === type)?.kind ?? null
}

/** The values of `--sign`; `none` means no signature. */
export const SIGN_MODES = [...KEY_MODES, 'none'] as const

/** Sandboxes that `auto` tries, in this order. */
export const AUTOMATIC: readonly string[] = SANDBOXES.filter(({ automatic }) => typeof automatic === 'number')
  .sort((a, b) => Number(a.automatic) - Number(b.automatic))
  .map(({ kind }) => kind)
/** Sandboxes that need an image; `auto` takes the first where the policy names one. */
export const OF_IMAGES: readonly string[] = SANDBOXES.flatMap(({ kind, automatic }) =>
  automatic === 'image' ? [kind] : [],
)

/** Sandboxes that separate nothing. */
export const BARE: readonly string[] = SANDBOXES.flatMap(({ kind, strength }) => (strength === 0 ? [kind] : []))

/** True for a sandbox that separates nothing: programs in it can read and send whatever the caller can. */
export function isBare(sandbox: string): boolean {
  return BARE.includes(sandbox)
}

/** How strong a sandbox is; `auto` is as strong as the weakest sandbox that it may choose. */
export function strengthOf(backend: (typeof BACKENDS)[number]): number {
  const takes = SANDBOXES.filter(({ kind, automatic }) => (backend === 'auto' ? automatic !== null : kind === backend))
  return Math.min(...takes.map(({ strength }) => strength))
}

/** 'a, b or c', for sentences. */
export function either(kinds: readonly string[]): string {
  return [kinds.slice(0, -1).join(', '), ...kinds.slice(-1)].filter((part) => part !== '').join(' or ')
}

/** The agents that can be registered, in the order of their names. */
export const REGISTRABLE_AGENTS: readonly AgentName[] = AGENTS.flatMap(({ kind }) => (kind === 'none' ? [] : [kind]))

/** The agents that propose as they stand, by the names that `pp.command` gives them. */
export const PROPOSING_AGENTS: readonly string[] = PRESETS.map(({ kind }) => kind)
