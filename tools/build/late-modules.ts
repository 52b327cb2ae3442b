import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

/** How the compiler of TypeScript and how esbuild write an import in the older module format. */
const IMPORT = /^(?:const|var) (\w+_\d+|import_\w+) = ((?:__\w+\()?require\("[^"]+"\)(?:, 1)?\)?);$/gm

/**
 * Imports of this text in the older module format are read when they are used first, and not when the text itself is loaded. This
 * is possible because the bodies of our modules only define, and so do those of the packages for which it is done.
 */
export function withLateImports(text: string): string {
  const names = [...text.matchAll(IMPORT)].map(([, name]) => name)
  if (names.length === 0) return text
  // `let` has no value before its line is reached; functions that are called earlier need one.
  const late = text.replace(
    IMPORT,
    (_all, name: string, value: string) =>
      `var late_${name}; function get_${name}() { return late_${name} ??= ${value}; }`,
  )
  return late.replace(new RegExp(`(?<![\\w$])(?<!(?<!\\.\\.)\\.)(${names.join('|')})(?![\\w$])`, 'g'), '(get_$1())')
}

/** The same for the modules of these packages: a command that prints no help needs no template engine. */
export function lateModules(packages: readonly string[]): Plugin {
  return {
    name: 'late modules',
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(`/node_modules/(${packages.join('|')})/.*\\.js$`) }, ({ path }) => ({
        contents: withLateImports(readFileSync(path, 'utf8')),
        loader: 'js',
      }))
    },
  }
}
