import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * How long a proof of a slow suite takes, in multiples of one run of it: a suite of pytest that waits, so that the load of the
 * machine does not matter, with one failing test of a second. Status 1 where a bound is not kept.
 * usage: npx tsx evaluation/shown/slow-suite.ts [--seconds 120]
 */
const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1 || -1] ?? '120')
/** Debian's own Python, whose pytest the README installs. */
const PYTHON = '/usr/bin/python3'
const bin = join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')
/** In seconds, whatever the suite takes. */
const BESIDES = 30
const BOUNDS = { auto: 3.3, fast: 2.3 } as const

const TESTS = `import time
import pytest
from shop import total


@pytest.mark.parametrize('n', range(${seconds - 1}))
def test_slow(n):
    time.sleep(1)


def test_total():
    time.sleep(1)
    assert total([1, 2]) == 3
`

const root = mkdtempSync(join(tmpdir(), 'pp-slow-'))
const [home, repo] = [join(root, 'home'), join(root, 'repo')]
const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', LANG: 'C.UTF-8' }
try {
  for (const made of [home, repo]) mkdirSync(made)
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Shown\n\temail = shown@example.com\n')
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: repo, env, encoding: 'utf8' })
  const save = (path: string, text: string) => writeFileSync(join(repo, path), text)
  run('git', 'init', '-q', '-b', 'main')
  save('test_shop.py', TESTS)
  for (const body of ['sum(prices) + 1', 'sum(prices)']) {
    save('shop.py', `def total(prices):\n    return ${body}\n`)
    run('git', 'add', '-A')
    run('git', 'commit', '-q', '-m', body)
  }
  const rows = Object.entries(BOUNDS).map(([focus, bound]) => {
    save('pp.yaml', `policy:\n  verify:\n    focus: ${focus}\n`)
    const started = performance.now()
    const printed = run(
      process.execPath,
      bin,
      'prove',
      'HEAD',
      `${PYTHON} -m pytest -q`,
      '--policy',
      'pp.yaml',
      '--json',
    )
    const took = (performance.now() - started) / 1000
    const { verdict, counts, runs } = JSON.parse(printed) as {
      verdict: string
      counts: { reds: number; greens: number }
      runs: readonly { durationMs: number }[]
    }
    const one = (runs[0]?.durationMs ?? 0) / 1000
    run(process.execPath, bin, 'verify', 'HEAD', '--allow-unsigned')
    const isKept = verdict === 'PROVED' && took <= bound * one + BESIDES
    return { focus, verdict, counts, one, took, bound, isKept }
  })
  console.log(
    '| verify.focus | verdict | reds, greens | one run | the proof | bound | proof / run |\n|---|---|---|---|---|---|---|',
  )
  for (const { focus, verdict, counts, one, took, bound } of rows)
    console.log(
      `| ${focus} | ${verdict} | ${counts.reds}, ${counts.greens} | ${one.toFixed(1)} s | ${took.toFixed(1)} s | ${bound} runs + ${BESIDES} s = ${(bound * one + BESIDES).toFixed(1)} s | ${(took / one).toFixed(2)} |`,
    )
  process.exitCode = rows.every(({ isKept }) => isKept) ? 0 : 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
