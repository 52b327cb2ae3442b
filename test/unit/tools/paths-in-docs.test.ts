import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'

const TOP = join(import.meta.dirname, '..', '..', '..')
const READ = ['*.md', 'docs/*.md', 'docs/decisions/*.md', 'evaluation/shown/*.ts', '.ci/run']
/** A path of this repository, without a pattern in it: what follows it is neither a word nor a wildcard. */
const PATH = /(?<![\w./-])(?:src|test|tools|evaluation|docs|man|bin|contrib)\/[\w./-]*\w\.\w+(?![\w*{/])/g

test('every file that a document or an experiment names is there', (t) => {
  const files = execFileSync('git', ['ls-files', ...READ], { cwd: TOP, encoding: 'utf8' })
    .trim()
    .split('\n')
  const missing = files.flatMap((file) =>
    [...readFileSync(join(TOP, file), 'utf8').matchAll(PATH)]
      .map(([path]) => path)
      .filter((path) => !existsSync(join(TOP, path)))
      .map((path) => `${file}: ${path}`),
  )
  t.deepEqual([...new Set(missing)], [])
})
