import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'

/**
 * `npm run test:unit [-- FILE… --match=TITLE]`. To start node, tsx and ava costs each test file a second of CPU, and most of them
 * need a few milliseconds. So files share processes: those that see nothing but values (no node module but node:crypto) are
 * compiled once and run in one; those that also read files, in another; a file has one of its own where
 * ava would run its hook around the tests of all, or where it waits for something before it declares its tests.
 */
const TOP = join(import.meta.dirname, '..')
const OUT = `.cache/unit-${process.pid}`
/** A hook, or an `await` outside of every test. */
const ALONE = /\b\w+\.(?:before|after|serial)\b|^\S.*\bawait\b/m

const typed = process.argv.slice(2)
const wanted = typed.filter((word) => !word.startsWith('-')).map((word) => resolve(word))
const files = readdirSync(join(TOP, 'test/unit'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('test/unit', file))
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((one) => join(TOP, file).startsWith(one)))

try {
  const { metafile } = await build({
    ...{ entryPoints: files, outdir: OUT, outbase: '.', absWorkingDir: TOP, metafile: true, logLevel: 'warning' },
    ...{ bundle: true, splitting: true, packages: 'external', format: 'esm', platform: 'node', target: 'node20' },
    sourcemap: 'linked',
  })
  const alone = files.filter((file) => ALONE.test(readFileSync(join(TOP, file), 'utf8')))
  const shared = files.filter((file) => !alone.includes(file))
  const values = shared.filter((file) => seesOnlyValues(metafile, file))
  const compiled = values.map((file) => `./${file.replace(/\.ts$/, '.js')}`)
  const sources = shared.filter((file) => !values.includes(file)).map((file) => relative(OUT, file))
  const groups = [group('values.test.js', compiled), group('files.test.js', sources)]
  const config = `${OUT}/ava.config.mjs`
  const settings = {
    files: [...groups.flat(), ...alone],
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

/** One test file that stands for several; none for none. */
function group(name: string, files: readonly string[]): readonly string[] {
  if (files.length === 0) return []
  writeFileSync(join(TOP, OUT, name), files.map((file) => `import '${file}'\n`).join(''))
  return [join(OUT, name)]
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
