import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { group, runsAlone, settings, TOP } from './test-files.ts'

/**
 * `npm run test:unit [-- FILE… --match=TITLE]`: files that see nothing but values (no node module but node:crypto) are compiled
 * once and run in one process; those that also read files, in another; the rest, each in one of its own (tools/test-files.ts).
 */
const OUT = `.cache/unit-${process.pid}`

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
  const alone = files.filter(runsAlone)
  const shared = files.filter((file) => !alone.includes(file))
  const values = shared.filter((file) => seesOnlyValues(metafile, file))
  const compiled = values.map((file) => `./${file.replace(/\.ts$/, '.js')}`)
  const sources = shared.filter((file) => !values.includes(file)).map((file) => relative(OUT, file))
  const groups = [group(join(OUT, 'values.test.js'), compiled), group(join(OUT, 'files.test.js'), sources)]
  const config = settings(OUT, [...groups.flat(), ...alone], ['--enable-source-maps'])
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
