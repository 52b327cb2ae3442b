/** Bytes, text and canonical JSON, in the form that is hashed and signed. */
export { strictBase64 } from './base64.ts'
export { base64, canonicalJson, fromBase64, sha256, strictUtf8, utf8Bytes } from './canonical.ts'
export { parseJson } from './json.ts'
export { printedText } from './plain-text.ts'
export { ulid } from './ulid.ts'
