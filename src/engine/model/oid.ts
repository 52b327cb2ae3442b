import * as z from 'zod'

/** A full object id of git, sha1 (40 hex) or sha256 (64 hex), lower case. */
export const Oid = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
export type Oid = z.infer<typeof Oid>

/** A sha256 digest, 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export type Sha256 = z.infer<typeof Sha256>

/** A session's name: a ULID in lower case (https://github.com/ulid/spec). */
export const SessionId = z.string().regex(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/)
export type SessionId = z.infer<typeof SessionId>
