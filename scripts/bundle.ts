/**
 * Writes `dist/`: the program as a few modules, its dependencies among them, since loading hundreds of small files cost
 * most of the time of a short command. `dist/THIRD-PARTY-LICENSES` holds what their authors ask to be kept with copies.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'

const TOP = join(import.meta.dirname, '..')
const DIST = join(TOP, 'dist')

/** Loaded from their own folders: grammars lie beside them as files; oclif asks for a compiler in a developer's checkout only. */
const APART = ['web-tree-sitter', '@vscode/tree-sitter-wasm', 'typescript']

rmSync(DIST, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: TOP,
  entryPoints: { 'commands/main': 'src/commands/main.ts', 'verify/index': 'src/verify/index.ts' },
  outdir: DIST,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  charset: 'utf8',
  external: APART,
  // Dependencies in the older module format ask for Node's own modules through `require`.
  banner: {
    js: "import { createRequire as newRequire } from 'node:module'; const require = newRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
})
refuseLateCommonJs(metafile)
writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES'), licences(metafile))

/**
 * A module in the older format has only `default` when the bundle loads it later; in a checkout it has all of its names, so
 * neither types nor tests of the source would notice.
 */
function refuseLateCommonJs({ inputs }: Metafile): void {
  for (const [file, { imports }] of Object.entries(inputs))
    for (const { path, kind } of imports)
      if (kind === 'dynamic-import' && inputs[path]?.format === 'cjs')
        throw new Error(`${file} loads ${path} by import(): import it in a module of its own, and load that one`)
}

/** Name, version and licence text of every package that a file in the bundle comes from. */
function licences({ inputs }: Metafile): string {
  const folders = new Set<string>()
  for (const path of Object.keys(inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
    if (folder !== undefined) folders.add(folder)
  }
  return [...folders].sort().map(licence).join('\n')
}

function licence(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(TOP, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(TOP, folder)).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry))
  const text = file === undefined ? '' : readFileSync(join(TOP, folder, file), 'utf8').trim()
  if (text === '' && typeof license !== 'string') throw new Error(`${folder} says nowhere what its licence is`)
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(72)}\n`
}
