import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './build/bundle.ts'
import { grammarPackage, grammars } from './build/grammars.ts'
import { licences } from './build/licences.ts'
import { prepare } from './build/prepared.ts'
import { sbom } from './build/sbom.ts'
import { sourcesDigest } from './build/sources.ts'

/**
 * Writes `dist`: the program, the types of `git-pp/verify` in one file that names no other package, the grammars, the licences
 * and the list of what is inside. Installing, testing and packing all ask for it: what the same sources gave already stays.
 */
const TOP = join(import.meta.dirname, '..')
const DIST = join(TOP, 'dist')
const STAMP = join(DIST, '.sources')

if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourcesDigest(TOP)) console.log('dist is up to date')
else {
  console.log('building dist: about 10 s')
  rmSync(DIST, { recursive: true, force: true })
  run('generate')
  const folders = [...new Set([...(await bundle(TOP, DIST)), grammarPackage(TOP)])].sort()
  grammars(DIST)
  await prepare(DIST)
  writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES'), licences(TOP, folders))
  writeFileSync(join(DIST, 'sbom.cdx.json'), sbom(TOP, folders))
  run('types')
  // Last, so that a build that was cut off is none; after `generate`, which writes sources.
  writeFileSync(STAMP, sourcesDigest(TOP))
}

function run(script: string): void {
  execFileSync('npm', ['run', '--silent', script], { cwd: TOP, stdio: 'inherit' })
}
