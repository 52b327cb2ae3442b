import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const text = readFileSync(`${root}/docs/ARCHITECTURE.md`, 'utf8')

test('every file and folder that the architecture names is there', (t) => {
  const paths = [...text.matchAll(/`((?:src|bin|docs|evaluation|tools|test)\/[\w./-]*)`/g)].map(([, path = '']) => path)
  t.true(paths.length > 60)
  t.deepEqual(
    paths.filter((path) => !existsSync(`${root}/${path}`)),
    [],
  )
})

test('each walk through the house has at most ten stations', (t) => {
  const walks = text.split(/^## /m).filter((part) => part.includes('| station |'))
  t.is(walks.length, 3)
  for (const walk of walks) {
    const stations = walk.match(/^\| \d+ \|/gm) ?? []
    t.true(stations.length >= 5 && stations.length <= 10, walk.split('\n', 1)[0])
  }
})
