import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'

/**
 * `npm run test:unit [-- FILE… --match=TITLE]`: unit and property tests. To start node, tsx and ava costs each test file a second
 * of CPU, and most of them need a few milliseconds. So those that see nothing but values (no node module but node:crypto) are
 * compiled once and run together in one process; each of the others has a process of its own, as with plain ava.
 */
const TOP = join(import.meta.dirname, '..')
const OUT = `.cache/unit-${process.pid}`

const typed = process.argv.slice(2)
const wanted = typed.filter((word) => !word.startsWith('-')).map((word) => resolve(word))
const files = ['test/unit', 'test/property']
  .flatMap((folder) =>
    readdirSync(join(TOP, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((one) => join(TOP, file).startsWith(one)))

try {
  const { metafile } = await build({
    ...{ entryPoints: files, outdir: OUT, outbase: '.', absWorkingDir: TOP, metafile: true, logLevel: 'warning' },
    ...{ bundle: true, splitting: true, packages: 'external', format: 'esm', platform: 'node', target: 'node20' },
    sourcemap: 'linked',
  })
  const together = files.filter((file) => seesOnlyValues(metafile, file))
  const group = `${OUT}/values.test.js`
  writeFileSync(join(TOP, group), together.map((file) => `import './${file.replace(/\.ts$/, '.js')}'\n`).join(''))
  const alone = files.filter((file) => !together.includes(file))
  const config = `${OUT}/ava.config.mjs`
  const settings = {
    files: [...(together.length > 0 ? [group] : []), ...alone],
    extensions: { js: true, ts: 'module' },
    nodeArguments: ['--import=tsx', '--enable-source-maps'],
    ...{ workerThreads: false, timeout: '5m' },
  }
  writeFileSync(join(TOP, config), `export default ${JSON.stringify(settings)}\n`)
  const argv = ['ava', '--config', config, ...typed.filter((word) => word.startsWith('-'))]
  process.exitCode = spawnSync('npx', argv, { cwd: TOP, stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(join(TOP, OUT), { recursive: true, force: true })
}

/** Whether a test file and all that it imports need no module of node but node:crypto. */
function seesOnlyValues({ inputs }: Metafile, file: string): boolean {
  const seen = new Set<string>([file])
  for (const one of seen)
    for (const { path, external, kind } of inputs[one]?.imports ?? []) {
      if (external && /^node:(?!crypto$)/.test(path)) return false
      if (!external && kind !== 'dynamic-import') seen.add(path)
    }
  return true
}
