import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild'
import { renamedRequire, toCommonJs } from './common-js.ts'
import { throughDoors } from './doors.ts'
import { withoutJsonSchemas } from './json-schemas.ts'
import { lateModules } from './late-modules.ts'

/** Not in the bundle and not needed: oclif asks for a compiler in a developer's checkout only. */
const APART = ['typescript']

/** Packages that are large and not needed by every verb. Each is a module of its own, so that it is loaded when it is used. */
const LATE = ['diff', 'yaml']

/** Files that run in a thread of their own, so that they are modules of their own. */
const THREADS = ['src/engine/brokers/lib/renewing-thread.ts']

/**
 * Writes the program and the library into `dist` as a few modules, their dependencies among them, since loading hundreds of small
 * files cost most of the time of a short command. Answers the folders of the packages that are inside, relative to `top`.
 */
export async function bundle(top: string, dist: string): Promise<readonly string[]> {
  const first = await firstModule(top, dist)
  const parts = [first.metafile, await verbs(top, dist, first.later), await library(top, dist)]
  for (const part of parts) refuseLateCommonJs(part)
  return [...new Set(parts.flatMap(packages))].sort()
}

/**
 * The module that starts holds all that help and wrong words need, because each further file costs time. Answers the files that it
 * loads later.
 */
async function firstModule(top: string, dist: string) {
  const later = new Map<string, string>()
  const apart: Plugin = {
    name: 'what is loaded later',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return null
        const name = `verbs/${basename(path, '.ts')}`
        later.set(name, join(resolveDir, path))
        return { path: `../${name}.js`, external: true }
      })
    },
  }
  const built = await build({
    ...common(top, dist),
    entryPoints: { 'commands/main': 'src/commands/main.ts' },
    plugins: [throughDoors(`${top}/src`), apart],
    write: false,
  })
  await writeCommonJs(built.outputFiles)
  return { metafile: built.metafile, later }
}

/** What is loaded for one verb or for several: a module for each, and modules that they share. */
async function verbs(top: string, dist: string, files: ReadonlyMap<string, string>): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    ...common(top, dist),
    entryPoints: {
      ...Object.fromEntries(files),
      ...Object.fromEntries(LATE.map((name) => [`packages/${name}`, name])),
      ...Object.fromEntries(THREADS.map((file) => [`threads/${basename(file, '.ts')}`, file])),
    },
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [throughDoors(`${top}/src`), lateModules(['@oclif/core']), renamedRequire, withoutJsonSchemas],
    write: false,
  })
  await writeCommonJs(outputFiles)
  return metafile
}

async function writeCommonJs(modules: readonly OutputFile[]): Promise<void> {
  for (const { path, text } of modules) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path.replace(/\.js$/, '.cjs'), await toCommonJs(text))
  }
}

/** The library stays in the format of today, for whoever imports it. */
async function library(top: string, dist: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common(top, dist),
    entryPoints: { 'verify/index': 'src/verify/index.ts' },
    chunkNames: 'verify/[name]-[hash]',
    // Dependencies in the older module format ask for Node's own modules through `require`.
    banner: {
      js: "import { createRequire as newRequire } from 'node:module'; const require = newRequire(import.meta.url);",
    },
  })
  return metafile
}

function common(top: string, dist: string) {
  return {
    absWorkingDir: top,
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    charset: 'utf8',
    external: APART,
    // Its first format loads its own parts through a function that a bundler cannot follow.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    metafile: true,
    logLevel: 'warning',
  } as const satisfies BuildOptions
}

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

function packages({ inputs }: Metafile): readonly string[] {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  )
  return [...new Set(folders)].sort()
}
