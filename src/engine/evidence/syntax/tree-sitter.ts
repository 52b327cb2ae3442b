import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { gunzip } from 'node:zlib'
import type { Node, Parser } from 'web-tree-sitter'
import type { FunctionSlice } from '../../model/trace.ts'
import type { Syntax } from '../../ports/syntax.ts'
import { codeTree } from './code-tree.ts'
import type { Language } from './language.ts'
import { languageOf } from './language-of.ts'

/** In lines. A longer function is cut when it is shown, so the functions inside it are listed as well. */
const LONG = 80
const MAX_TEXT = 512 * 1024
/** Statements as which no prose, message or list can be read, unlike commands with arguments, tests in brackets and `$` in texts. */
const STATEMENTS = ['function_definition', 'if_statement', 'case_statement', 'for_statement', 'while_statement']
/** Most texts that are no shell code are told apart without the parser. */
const SHELL =
  /^[ \t]*(?:function[ \t]|[\w-]+[ \t]*\(\)|if[ \t]|case[ \t]|for[ \t]|while[ \t]|(?:export|local|declare|readonly|typeset)[ \t])/m
const here = createRequire(import.meta.url)

/** Reads source code with tree-sitter; a grammar is loaded with the first file that needs it. */
export function treeSitter(): Syntax {
  const parsers = new Map<string, Promise<Parser>>()
  const parserOf = (grammar: string) => {
    let parser = parsers.get(grammar)
    if (parser === undefined) {
      parser = open(grammar)
      parsers.set(grammar, parser)
    }
    return parser
  }
  return {
    knows: (path) => languageOf(path) !== null,
    async functions(path, text) {
      const language = languageOf(path)
      if (language === null || text.length > MAX_TEXT) return null
      return inTree(await parserOf(language.grammar), text, (root) => slices(root, language))
    },
    async isShell(text) {
      if (text.length > MAX_TEXT || !SHELL.test(text)) return false
      return (await inTree(await parserOf('bash'), text, isShellCode)) ?? false
    },
    async code(path, text) {
      const shapes = languageOf(path)?.shapes
      const language = languageOf(path)
      if (language === null || shapes === undefined || text.length > MAX_TEXT) return null
      return inTree(await parserOf(language.grammar), text, (root) => codeTree(root, shapes, text))
    },
  }
}

/**
 * Loaded once in a process: if two initialisations begin at the same time, the library reads the trees of one in the
 * memory of the other.
 */
let library: ReturnType<typeof load> | undefined

async function load() {
  // Only the context for a failure needs this library; all other commands start without it.
  const library = await import('web-tree-sitter')
  const wasmBinary = await wasm('web-tree-sitter')
  await optimizedLater(() => library.Parser.init({ wasmBinary }))
  return library
}

async function open(grammar: string): Promise<Parser> {
  library ??= load()
  const { Language, Parser } = await library
  const parser = new Parser()
  const bytes = await wasm(`tree-sitter-${grammar}`)
  parser.setLanguage(await optimizedLater(() => Language.load(bytes)))
  return parser
}

/**
 * Loads WebAssembly that is optimized only after as many bytes of it ran as newer versions of V8 have it. V8 11 (Node 20) would
 * spend 100 ms on it for a few small files.
 */
async function optimizedLater<T>(load: () => Promise<T>): Promise<T> {
  if (!process.versions.v8.startsWith('11.')) return load()
  setFlagsFromString('--wasm-tiering-budget=13000000')
  try {
    return await load()
  } finally {
    setFlagsFromString('--wasm-tiering-budget=1800000')
  }
}

/** One of the compressed files that the build puts into this package. */
async function wasm(name: string): Promise<Uint8Array> {
  const file = join(dirname(here.resolve('git-pp/package.json')), 'dist', 'grammars', `${name}.wasm.gz`)
  return promisify(gunzip)(await readFile(file))
}

function isShellCode(root: Node): boolean {
  if (root.hasError) return false
  // Prose may begin with `export` or `local`, but it gives no variable a value.
  const declared = root.descendantsOfType('declaration_command')
  return (
    root.descendantsOfType([...STATEMENTS]).length > 0 ||
    declared.some((one) => one.descendantsOfType('variable_assignment').length > 0)
  )
}

/** Passes the tree of a text to the callback, and frees its memory afterwards. */
function inTree<T>(parser: Parser, text: string, use: (root: Node) => T): T | null {
  const tree = parser.parse(text)
  if (tree === null) return null
  try {
    return use(tree.rootNode)
  } finally {
    tree.delete()
  }
}

function slices(root: Node, language: Language): FunctionSlice[] {
  const found: FunctionSlice[] = []
  let outer: FunctionSlice | null = null
  for (const node of root.descendantsOfType([...language.functions])) {
    const slice = sliceOf(node, language)
    const within = outer !== null && slice.end <= outer.end
    if (within && outer !== null && (outer.end - outer.start < LONG || slice.end === slice.start)) continue
    if (!within) outer = slice
    // Two functions on one line are one slice, because a trace cannot distinguish them.
    if (found.at(-1)?.start !== slice.start || found.at(-1)?.end !== slice.end) found.push(slice)
  }
  return found
}

function sliceOf(node: Node, language: Language): FunctionSlice {
  const whole = node.parent?.type === 'decorated_definition' ? node.parent : node
  const body = node.childForFieldName('body')
  const start = whole.startPosition.row + 1
  // A body in braces opens on the last line of the head; an indented body begins on the line below.
  const braced = body !== null && /^(?:\{|=>)/.test(body.text)
  const headEnd = body === null ? start : Math.max(start, body.startPosition.row + (braced ? 1 : 0))
  return { name: nameOf(node, language), start, headEnd, end: whole.endPosition.row + 1 }
}

function nameOf(node: Node, language: Language): string {
  const names = [ownName(node)]
  for (let above = node.parent; above !== null; above = above.parent)
    if (language.holders.includes(above.type)) names.unshift(ownName(above))
  return names.filter((name) => name !== '').join('.')
}

/** The function's own name, or that of the variable, member or property that it is assigned to; '' if there is none. */
function ownName(node: Node): string {
  const named =
    node.childForFieldName('name') ??
    declared(node) ??
    (node.type === 'impl_item' ? node.childForFieldName('type') : null)
  const giver =
    node.parent?.childForFieldName('name') ??
    node.parent?.childForFieldName('left') ??
    node.parent?.childForFieldName('key')
  const text = (named ?? (node.type.includes('function') ? giver : null))?.text ?? ''
  return text.length > 100 || text.includes('\n') ? '' : text
}

/** In C, the name is inside the declarator of the return type: `char *name(…)`. */
function declared(node: Node): Node | null {
  let inner = node.childForFieldName('declarator')
  for (let deeper = inner; deeper !== null; deeper = deeper.childForFieldName('declarator')) inner = deeper
  return inner
}
