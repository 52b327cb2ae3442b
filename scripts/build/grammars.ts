import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { GRAMMARS } from '../../src/engine/evidence/syntax/languages.ts'

/** The packages whose files are copied. */
export const COPIED = ['node_modules/@vscode/tree-sitter-wasm', 'node_modules/web-tree-sitter']

/** Writes the parser and the grammars that the program knows into `dist/grammars`, compressed to a twelfth. */
export function grammars(top: string, dist: string): void {
  const folder = join(dist, 'grammars')
  mkdirSync(folder, { recursive: true })
  const put = (file: string, name: string) =>
    writeFileSync(join(folder, `${name}.wasm.gz`), gzipSync(readFileSync(join(top, file)), { level: 9 }))
  put('node_modules/web-tree-sitter/web-tree-sitter.wasm', 'web-tree-sitter')
  for (const { name } of GRAMMARS)
    put(`node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`, `tree-sitter-${name}`)
}

/** Authors of the grammars in use, whose licences their package leaves out, with the text of each. */
export function grammarLicences(): readonly (readonly [name: string, text: string])[] {
  const names = GRAMMARS.map(({ name }) => `tree-sitter-${name === 'tsx' ? 'typescript' : name}`)
  return [...new Set(names)].map((name) => [
    name,
    readFileSync(join(import.meta.dirname, 'licences', `${name}.txt`), 'utf8').trim(),
  ])
}
