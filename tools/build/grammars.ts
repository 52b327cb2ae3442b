import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { languages } from '../../src/engine/evidence/syntax/languages/index.generated.ts'

const require = createRequire(import.meta.url)
const GRAMMAR_PACKAGE = dirname(require.resolve('@vscode/tree-sitter-wasm/package.json'))

/** The folder of the package whose files are copied, relative to `top`. */
export const grammarPackage = (top: string): string => relative(top, GRAMMAR_PACKAGE)

/** Writes the parser and the grammars that the program knows into `dist/grammars`, compressed to a twelfth. */
export function grammars(dist: string): void {
  const folder = join(dist, 'grammars')
  mkdirSync(folder, { recursive: true })
  const put = (file: string) =>
    writeFileSync(join(folder, `${basename(file)}.gz`), gzipSync(readFileSync(file), { level: 9 }))
  put(require.resolve('web-tree-sitter/web-tree-sitter.wasm'))
  const names = new Set(languages.map(({ grammar }) => grammar))
  for (const name of names) put(join(GRAMMAR_PACKAGE, 'wasm', `tree-sitter-${name}.wasm`))
}

/** Authors of the grammars in use, whose licences their package leaves out, with the text of each. */
export function grammarLicences(): readonly (readonly [name: string, text: string])[] {
  return [...new Set(languages.map(({ authors }) => authors))].map((name) => [
    name,
    readFileSync(join(import.meta.dirname, 'licences', `${name}.txt`), 'utf8').trim(),
  ])
}
