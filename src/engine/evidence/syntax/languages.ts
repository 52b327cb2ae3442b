/** A grammar and the kinds of its nodes that matter here. https://tree-sitter.github.io/tree-sitter/using-parsers */
export interface Grammar {
  /** tree-sitter-<name>.wasm */
  readonly name: string
  readonly functions: readonly string[]
  /** What holds methods and lends them its name. */
  readonly holders: readonly string[]
}

const script = {
  functions: [
    'function_declaration',
    'generator_function_declaration',
    'function_expression',
    'generator_function',
    'arrow_function',
    'method_definition',
  ],
  holders: ['class_declaration', 'class', 'abstract_class_declaration'],
}
/** A row for each language that is known. */
export const GRAMMARS: readonly (Grammar & { readonly extensions: string })[] = [
  { name: 'python', extensions: 'py pyi pyw', functions: ['function_definition'], holders: ['class_definition'] },
  { name: 'javascript', extensions: 'js cjs mjs jsx', ...script },
  { name: 'typescript', extensions: 'ts cts mts', ...script },
  { name: 'tsx', extensions: 'tsx', ...script },
  { name: 'go', extensions: 'go', functions: ['function_declaration', 'method_declaration'], holders: [] },
  {
    name: 'java',
    extensions: 'java',
    functions: ['method_declaration', 'constructor_declaration', 'compact_constructor_declaration'],
    holders: ['class_declaration', 'enum_declaration', 'record_declaration', 'interface_declaration'],
  },
  { name: 'rust', extensions: 'rs', functions: ['function_item'], holders: ['impl_item', 'trait_item'] },
  { name: 'ruby', extensions: 'rb rake', functions: ['method', 'singleton_method'], holders: ['class', 'module'] },
  {
    name: 'cpp',
    extensions: 'c h cc cpp cxx hpp hh hxx',
    functions: ['function_definition'],
    holders: ['class_specifier', 'struct_specifier'],
  },
  {
    name: 'c-sharp',
    extensions: 'cs',
    functions: ['method_declaration', 'constructor_declaration', 'local_function_statement'],
    holders: ['class_declaration', 'struct_declaration', 'record_declaration'],
  },
  {
    name: 'php',
    extensions: 'php',
    functions: ['function_definition', 'method_declaration'],
    holders: ['class_declaration', 'trait_declaration'],
  },
  { name: 'bash', extensions: 'sh bash', functions: ['function_definition'], holders: [] },
]
const BY_EXTENSION = new Map(GRAMMARS.flatMap((grammar) => grammar.extensions.split(' ').map((one) => [one, grammar])))

/** The grammar of a file, by its name; null where none is known. */
export function grammarOf(path: string): Grammar | null {
  return BY_EXTENSION.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase()) ?? null
}
