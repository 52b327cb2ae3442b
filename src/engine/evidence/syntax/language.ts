/** A language of which functions are told apart. A file of the languages room: `export default` one of these. */
export interface Language {
  readonly kind: string
  /** Of its files, without the dot. No two languages may have the same one. */
  readonly extensions: readonly string[]
  /** tree-sitter-<grammar>.wasm. https://tree-sitter.github.io/tree-sitter/using-parsers */
  readonly grammar: string
  /** Whose licence text lies in tools/build/licences, as <authors>.txt. */
  readonly authors: string
  /** The kinds of nodes that are functions. */
  readonly functions: readonly string[]
  /** What holds methods and lends them its name. */
  readonly holders: readonly string[]
}
