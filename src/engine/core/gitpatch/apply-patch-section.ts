import { byteString, bytesOf, splitLines } from '../patch/index.ts'
import { applyDelta } from './delta.ts'
import type { PatchSection } from './patch-sections.ts'

/** The bytes of a zlib stream (RFC 1950); null if it is not one, or if it holds more than `most` bytes. */
export type Inflate = (bytes: Uint8Array, most: number) => Uint8Array | null

/**
 * The content after one section of a patch, or why the section does not apply. Every line has to be exactly where the patch
 * says.
 */
export type PatchedContent =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string }

/** `before`: the content on the base; empty if the file is new. */
export function applyPatchSection({ body }: PatchSection, before: Uint8Array, inflate: Inflate): PatchedContent {
  if (body.length === 0) return { ok: true, bytes: before }
  return body[0] === 'GIT binary patch' ? binary(body, before, inflate) : text(body, before)
}

/** A file while a section is applied: how many old lines were used, and the new lines so far. */
interface PatchProgress {
  readonly old: readonly string[]
  taken: number
  readonly made: string[]
}

function text(body: readonly string[], before: Uint8Array): PatchedContent {
  const draft: PatchProgress = { old: splitLines(byteString(before)), taken: 0, made: [] }
  for (let at = 2; at < body.length; ) {
    const end = body.findIndex((line, n) => n > at && line.startsWith('@@ '))
    const hunk = body.slice(at, end === -1 ? body.length : end)
    const wrong = place(draft, hunk[0] ?? '') ?? change(draft, hunk.slice(1))
    if (wrong !== null) return fails(wrong)
    at += hunk.length
  }
  return { ok: true, bytes: bytesOf([...draft.made, ...draft.old.slice(draft.taken)].join('')) }
}

/** Moves to the start of a hunk, which both of its line numbers must agree with. */
function place(draft: PatchProgress, head: string): string | null {
  const numbers = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/
    .exec(head)
    ?.slice(1)
    .map((text) => Number(text ?? 1))
  const [oldStart = 0, oldCount = 0, youngStart = 0, youngCount = 0] = numbers ?? []
  const start = oldStart - (oldCount === 0 ? 0 : 1)
  if (start < draft.taken || start > draft.old.length) return 'a hunk starts at a line that the file does not have'
  if (!isFromAbove(draft.old, start, head)) return 'the heading of a hunk is not a line of the file above the hunk'
  for (; draft.taken < start; draft.taken++) draft.made.push(draft.old[draft.taken] ?? '')
  return draft.made.length === youngStart - (youngCount === 0 ? 0 : 1)
    ? null
    : 'a hunk lands at another line than its header says'
}

/** The text that git writes after the numbers of a hunk is part of a line above it, shortened and without surrounding blanks. */
function isFromAbove(old: readonly string[], start: number, head: string): boolean {
  const heading = / @@ ?(.*)$/s.exec(head)?.[1] ?? ''
  return heading === '' || old.slice(0, start).some((line) => line.includes(heading))
}

function change(draft: PatchProgress, lines: readonly string[]): string | null {
  for (const [at, told] of lines.entries()) {
    const sign = told.charAt(0)
    if (sign === '\\') continue
    const line = `${told.slice(1)}${lines[at + 1]?.startsWith('\\ ') ? '' : '\n'}`
    if (sign !== '+' && draft.old[draft.taken++] !== line)
      return `line ${draft.taken} of the file differs from the patch`
    if (sign !== '-') draft.made.push(line)
  }
  return null
}

/** Applies the first of the two blocks, which leads from old to new. Git writes it as the whole content or as a delta. */
function binary(body: readonly string[], before: Uint8Array, inflate: Inflate): PatchedContent {
  const [, kind, length = ''] = /^(literal|delta) (\d{1,12})$/.exec(body[1] ?? '') ?? []
  const lines = body.slice(2, body.indexOf('', 2))
  const packed = lines.map(base85)
  if (kind === undefined || packed.some((one) => one === null)) return fails('the binary patch cannot be read')
  const stream = Buffer.concat(packed.filter((one) => one !== null))
  const data = inflate(stream, Number(length))
  if (data === null || data.length !== Number(length)) return fails('the binary patch has another length than it says')
  const bytes = kind === 'literal' ? data : applyDelta(data, before)
  return bytes === null ? fails('the binary delta belongs to another content') : { ok: true, bytes }
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'

/**
 * Decodes a line of a binary patch: first its number of bytes (A to Z are 1 to 26, a to z are 27 to 52), then five digits for
 * every four bytes.
 */
function base85(line: string): Uint8Array | null {
  const code = line.charCodeAt(0)
  const length = code >= 97 ? code - 96 + 26 : code - 64
  const bytes: number[] = []
  for (let at = 1; at < line.length; at += 5) {
    const digits = [...line.slice(at, at + 5)].map((char) => ALPHABET.indexOf(char))
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0)
    if (digits.length < 5 || digits.includes(-1) || value > 0xffffffff) return null
    bytes.push(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
  }
  return length < 1 || length > 52 || bytes.length !== Math.ceil(length / 4) * 4
    ? null
    : Uint8Array.from(bytes.slice(0, length))
}

function fails(reason: string): PatchedContent {
  return { ok: false, reason }
}
