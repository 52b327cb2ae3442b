import { createScanner, type Node } from 'jsonc-parser'

/** Kinds of tokens, as the scanner numbers them; its own list of names cannot be imported by a single module. */
const [COMMA, LINE_BREAK, WHITE_SPACE, END]: readonly number[] = [5, 14, 15, 17]

/** A container of a JSON text, and what stands at its end. */
export interface ContainerEnds {
  /** The offset after the opening bracket. */
  readonly inner: number
  /** The offset of the closing bracket. */
  readonly close: number
  /** The offset after the last thing in it that is no white space: a value, a comma or a comment. */
  readonly contentEnd: number
  /** The offset of the comma after the last child; null: there is none. */
  readonly lastComma: number | null
}

export function endsOf(text: string, container: Node): ContainerEnds {
  const inner = container.offset + 1
  const close = container.offset + container.length - 1
  const last = container.children?.at(-1)
  const from = last === undefined ? inner : last.offset + last.length
  return { inner, close, contentEnd: contentEndBefore(text, from, close), lastComma: commaIn(text, from, close) }
}

/** The end of the last thing between two offsets that is no white space; `from` if there is nothing. */
export function contentEndBefore(text: string, from: number, to: number): number {
  let end = from
  for (const { kind, offset, length } of tokens(text, from, to))
    if (kind !== WHITE_SPACE && kind !== LINE_BREAK) end = offset + length
  return end
}

/** The offset of the first comma between two offsets; null: there is none. */
export function commaIn(text: string, from: number, to: number): number | null {
  for (const { kind, offset } of tokens(text, from, to)) if (kind === COMMA) return offset
  return null
}

function* tokens(text: string, from: number, to: number) {
  const scanner = createScanner(text, false)
  scanner.setPosition(from)
  for (let kind: number = scanner.scan(); kind !== END; kind = scanner.scan()) {
    const [offset, length] = [scanner.getTokenOffset(), scanner.getTokenLength()]
    if (offset >= to) return
    yield { kind, offset, length }
  }
}
