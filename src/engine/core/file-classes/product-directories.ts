import { isSourceFile } from '../paths/index.ts'

const C = 'c'
const JAVASCRIPT = 'javascript'
/** Endings of one language, or of languages that are compiled together. Every other ending is a language of its own. */
const FAMILIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'hh', 'hxx', 'c++', 'cu', 'cuh', 'm', 'mm'].map((end) => [end, C]),
  ),
  ...Object.fromEntries(
    ['js', 'cjs', 'mjs', 'jsx', 'ts', 'cts', 'mts', 'tsx', 'vue', 'svelte'].map((end) => [end, JAVASCRIPT]),
  ),
  ...{ pyi: 'py', pyx: 'py', pxd: 'py', kts: 'kt', exs: 'ex', hrl: 'erl', pm: 'pl' },
  ...{ lhs: 'hs', mli: 'ml', di: 'd', cljs: 'clj', cljc: 'clj', fsi: 'fs', fsx: 'fs', sv: 'v' },
}

/** A word for the language of a source file; null: it is no source file that is executed. */
export function languageOf(path: string): string | null {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return isSourceFile(path) && ending !== 'sql' ? (FAMILIES[ending] ?? ending) : null
}

/**
 * Tells whether a file lies where product of its language lies: in a directory that holds some, or below one, or beside one
 * that does, but not at the top unless product lies there.
 */
export function productDirectories(product: readonly string[]): (path: string) => boolean {
  const known = new Set(product.flatMap((path) => (languageOf(path) === null ? [] : [placeOf(path)])))
  return (path) => known.has(placeOf(path))
}

function placeOf(path: string): string {
  const cut = path.indexOf('/')
  return `${languageOf(path)} ${cut === -1 ? '' : path.slice(0, cut)}`
}
