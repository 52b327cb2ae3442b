import { build, type Metafile } from 'esbuild'

/** Not in the bundle and not needed: oclif asks for a compiler in a developer's checkout only. */
const APART = ['typescript']

/**
 * Writes the program into `dist` as a few modules, its dependencies among them, since loading hundreds of small files cost
 * most of the time of a short command. Answers the folders of the packages that are inside, relative to `top`.
 */
export async function bundle(top: string, dist: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints: { 'commands/main': 'src/commands/main.ts', 'verify/index': 'src/verify/index.ts' },
    outdir: dist,
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
  return packages(metafile)
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
