import { Envelope, PAYLOAD_TYPE, PREDICATE_TYPE, Statement } from '../../model/statement.ts'
import { base64, canonicalJson, parseJson, strictBase64, strictUtf8, utf8Bytes } from '../bytes/index.ts'

/** In characters. Longer lines are not read. */
export const ENVELOPE_LIMIT = 256 * 1024

/** Pre-authentication encoding of DSSE v1: the bytes that are signed. */
export function preAuthenticationEncoding(type: string, body: Uint8Array): Uint8Array {
  const head = utf8Bytes(`DSSEv1 ${utf8Bytes(type).length} ${type} ${body.length} `)
  const all = new Uint8Array(head.length + body.length)
  all.set(head)
  all.set(body, head.length)
  return all
}

/** The bytes that have to be signed for a statement. */
export function signedMessageOf(statement: Statement): Uint8Array {
  return preAuthenticationEncoding(PAYLOAD_TYPE, utf8Bytes(canonicalJson(statement)))
}

/** One line of a note: the envelope of a statement. `signature` null: the envelope has no signature. */
export function encodeEnvelope(statement: Statement, signature: { keyid: string; bytes: Uint8Array } | null): string {
  return canonicalJson({
    payloadType: PAYLOAD_TYPE,
    payload: base64(utf8Bytes(canonicalJson(statement))),
    signatures: signature ? [{ keyid: signature.keyid, sig: base64(signature.bytes) }] : [],
  })
}

/**
 * `message`: the bytes that the signature has to cover. `signature` null: there is none. `keyid`: a hint that anybody can
 * write.
 */
export type OpenedEnvelope =
  | {
      readonly is: 'statement'
      readonly statement: Statement
      readonly message: Uint8Array
      readonly signature: Uint8Array | null
      readonly keyid: string | null
    }
  /** Well-formed, but about something else: it is ignored. */
  | { readonly is: 'foreign'; readonly what: string }
  | { readonly is: 'malformed'; readonly why: string }

/**
 * Reads one line without trusting anything in it. A payload that is not canonical JSON is malformed, because two readers
 * could read it differently.
 */
export function openEnvelope(line: string): OpenedEnvelope {
  const malformed = (why: string): OpenedEnvelope => ({ is: 'malformed', why })
  if (line.length > ENVELOPE_LIMIT) return malformed(`it is longer than ${ENVELOPE_LIMIT} characters`)
  const parsed = Envelope.safeParse(parseJson(line))
  if (!parsed.success) return malformed('it is not a DSSE envelope with at most one signature')
  const { payloadType, payload, signatures } = parsed.data
  if (payloadType !== PAYLOAD_TYPE) return { is: 'foreign', what: `its payload type is ${JSON.stringify(payloadType)}` }
  const body = strictBase64(payload)
  const text = body && strictUtf8(body)
  if (!body || text === null) return malformed('its payload is not UTF-8 text in base64')
  const value = parseJson(text)
  if (value === null || !isCanonical(value, text)) return malformed('its payload is not canonical JSON')
  const type = typeof value === 'object' && 'predicateType' in value ? value.predicateType : null
  if (typeof type === 'string' && type !== PREDICATE_TYPE)
    return { is: 'foreign', what: `its predicate type is ${JSON.stringify(type)}` }
  const statement = Statement.safeParse(value)
  if (!statement.success) return malformed('its payload is not a statement about a proof')
  const [first] = signatures
  const signature = first ? strictBase64(first.sig) : null
  if (first && !signature) return malformed('its signature is not base64')
  const keyid = first?.keyid ?? null
  return {
    is: 'statement',
    statement: statement.data,
    message: preAuthenticationEncoding(PAYLOAD_TYPE, body),
    signature,
    keyid,
  }
}

/** Half of a surrogate pair. Canonical JSON escapes no other character in this way, and readers treat such halves differently. */
const HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

/**
 * The text is canonical if RFC 8785 serialises the parsed value to the same text: no duplicate key, no other order, no other
 * spelling.
 */
function isCanonical(value: unknown, text: string): boolean {
  try {
    return canonicalJson(value) === text && !HALF.test(text)
  } catch {
    return false
  }
}
