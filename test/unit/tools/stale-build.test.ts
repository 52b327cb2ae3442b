import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import { sourcesDigest } from '../../../tools/build/sources.ts'
import { refuseStaleBuild } from '../../helpers/stale-build.ts'

/** A checkout with one file of each kind of source. */
const top = mkdtempSync(join(tmpdir(), 'pp-stale-'))
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(top, path)), { recursive: true })
  writeFileSync(join(top, path), text)
}
for (const path of [
  'src/a.ts',
  'tools/build/b.ts',
  'tools/build.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
])
  write(path, path)
test.after.always(() => rmSync(top, { recursive: true, force: true }))

test('end-to-end tests run on a build of these sources, and on no other', (t) => {
  t.throws(() => refuseStaleBuild(top), { message: 'dist is not built: npm run build' })
  write('dist/.sources', sourcesDigest(top))
  t.notThrows(() => refuseStaleBuild(top))
  write('src/a.ts', 'changed')
  t.throws(() => refuseStaleBuild(top), { message: 'dist is older than the sources: npm run build' })
})
