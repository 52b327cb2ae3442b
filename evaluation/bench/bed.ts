import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Cost, cost } from './cpu.ts'

const BUGGY = 'exports.add = (a, b) => a - b\n'
const TEST =
  "const test = require('node:test')\nconst assert = require('node:assert')\nconst { add } = require('./calc.cjs')\ntest('adds', () => assert.equal(add(2, 3), 5))\n"
/** What mends the repositories of a bed. */
export const PATCH =
  'diff --git a/calc.cjs b/calc.cjs\n--- a/calc.cjs\n+++ b/calc.cjs\n@@ -1 +1 @@\n-exports.add = (a, b) => a - b\n+exports.add = (a, b) => a + b\n'

/** The program that is measured. */
export const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')

/** A private home, and a cache in memory, with which repositories are made and programs are measured. */
export interface Bed {
  readonly root: string
  /** A repository of this many files whose test fails; `mended`: with a second commit that mends it. */
  repository(files: number, mended?: 'mended'): string
  measure(repo: string, argv: readonly [string, ...string[]], env?: Readonly<Record<string, string>>): Promise<Cost>
  pp(repo: string, words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Cost>
  remove(): void
}

/** `statuses`: those with which a program may end. */
export function openBed(statuses: readonly number[] = [0]): Bed {
  // Work trees are on a file system in memory, so that no disk is measured; a checkout there would be hidden in the sandbox.
  const root = mkdtempSync(join(tmpdir(), 'pp-bench-'))
  const cache = mkdtempSync('/dev/shm/pp-bench-')
  const base = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: join(root, 'home'), LANG: 'C.UTF-8' },
    ...{ GIT_CONFIG_NOSYSTEM: '1', XDG_CACHE_HOME: cache },
  }
  mkdirSync(base.HOME)
  writeFileSync(
    join(base.HOME, '.gitconfig'),
    '[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n',
  )
  writeFileSync(join(root, 'patch'), PATCH)
  writeFileSync(join(root, 'reply'), `\`\`\`diff\n${PATCH}\`\`\`\n`)
  const measure: Bed['measure'] = (repo, argv, env = {}) =>
    cost(argv, { cwd: repo, env: { ...base, ...env } }, statuses)
  return {
    root,
    measure,
    repository(count, mended) {
      const repo = join(root, `repo-${count}${mended ? `-${mended}` : ''}`)
      const git = (...args: string[]) => execFileSync('git', ['-C', repo, ...args], { env: base, stdio: 'ignore' })
      const files: Record<string, string> = { 'calc.cjs': BUGGY, 'calc.test.cjs': TEST }
      for (let n = 2; n < count; n++) files[`lib/d${n % 97}/f${n}.txt`] = `file ${n}\n`.repeat(20 + (n % 300))
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(repo, path)), { recursive: true })
        writeFileSync(join(repo, path), text)
      }
      git('init', '-q', '-b', 'main')
      git('add', '-A')
      git('commit', '-q', '-m', 'base')
      if (mended) {
        git('apply', join(root, 'patch'))
        git('commit', '-q', '-a', '-m', 'mend')
      }
      git('gc', '-q')
      return repo
    },
    pp: (repo, words, env) => measure(repo, [process.execPath, PROGRAM, ...words], env),
    remove() {
      for (const dir of [root, cache]) rmSync(dir, { recursive: true, force: true })
    },
  }
}
