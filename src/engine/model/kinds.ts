/** What kinds of plugs there are, in the forms in which messages, help and schemas list them. */
import { type KeyMode, PROPOSERS, SANDBOXES, SIGNERS } from './kinds.generated.ts'

/** Proposers that help names; others work where they are named. */
export const OFFERED_PROPOSERS: readonly string[] = PROPOSERS.flatMap(({ kind, offered }) =>
  offered === null ? [] : [kind],
)

/** What `--sandbox` takes. */
export const BACKENDS = ['auto', ...SANDBOXES.map(({ kind }) => kind)] as const
export const KEY_MODES = SIGNERS.map(({ kind }) => kind)
/** Modes of which a key may be bare bytes, so that its text does not say what it is for. */
export const MODES_OF_BARE_KEYS = SIGNERS.flatMap(({ kind, keyTells }) => (keyTells === 'always' ? [] : [kind]))
/** The types of keys in PEM that some mode takes. */
export const KEY_TYPES: readonly string[] = SIGNERS.flatMap(({ keyType }) => (keyType === null ? [] : [keyType]))

/** The mode that public keys of this type are for; null for none. */
export function modeOfKeyType(type: string): KeyMode | null {
  return SIGNERS.find(({ keyType }) => keyType === type)?.kind ?? null
}

/** What `--sign` takes: `none` is for no signature. */
export const SIGN_MODES = [...KEY_MODES, 'none'] as const

/** Sandboxes that `auto` tries, in this order. */
export const AUTOMATIC: readonly string[] = SANDBOXES.filter(({ automatic }) => typeof automatic === 'number')
  .sort((a, b) => Number(a.automatic) - Number(b.automatic))
  .map(({ kind }) => kind)
/** Sandboxes that need an image; `auto` takes the first where the policy names one. */
export const OF_IMAGES: readonly string[] = SANDBOXES.flatMap(({ kind, automatic }) =>
  automatic === 'image' ? [kind] : [],
)

/** Sandboxes that keep nothing out. */
export const BARE: readonly string[] = SANDBOXES.flatMap(({ kind, strength }) => (strength === 0 ? [kind] : []))

/** True for a sandbox that keeps nothing out: what it runs reads and sends what the caller could. */
export function isBare(sandbox: string): boolean {
  return BARE.includes(sandbox)
}

/** How much a sandbox keeps out; `auto` as much as the weakest that it takes. */
export function strengthOf(backend: (typeof BACKENDS)[number]): number {
  const takes = SANDBOXES.filter(({ kind, automatic }) => (backend === 'auto' ? automatic !== null : kind === backend))
  return Math.min(...takes.map(({ strength }) => strength))
}

/** 'a, b or c', for sentences. */
export function either(kinds: readonly string[]): string {
  return [kinds.slice(0, -1).join(', '), ...kinds.slice(-1)].filter((part) => part !== '').join(' or ')
}
