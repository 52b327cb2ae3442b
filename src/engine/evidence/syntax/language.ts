import type { CodeKind } from '../../model/code.ts'

/** A language whose functions can be found. A file of the languages room: `export default` one of these. */
export interface Language {
  readonly kind: string
  /** The extensions of its files, without the dot. No two languages may share one. */
  readonly extensions: readonly string[]
  /** tree-sitter-<grammar>.wasm. https://tree-sitter.github.io/tree-sitter/using-parsers */
  readonly grammar: string
  /** The authors of the grammar; their licence text is tools/build/licences/<authors>.txt. */
  readonly authors: string
  /** The kinds of nodes that are functions. */
  readonly functions: readonly string[]
  /** The kinds of nodes that contain methods and give them a prefix. */
  readonly holders: readonly string[]
  /** The kinds of nodes in words that all languages share; the other kinds are 'other'. Absent: code is not understood. */
  readonly shapes?: Readonly<Record<string, CodeKind>>
}
