import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { type TestBroker, testBroker } from './broker.ts'
import { type Launched, launch } from './launch.ts'
import { pp } from './pp.ts'
import { repoAt, type TestRepo, type Undoing } from './repo.ts'

/** Machines around a repository: a broker, and workers with homes, clones and keys of their own. */
export interface Machines {
  readonly broker: TestBroker
  /** The URL of the repository, as jobs name it. */
  readonly repository: string
  /** The file of the keys of all workers that were started. */
  readonly workers: string
  /** Starts a worker; `trusted` false: its key is not in the file. */
  worker(name: string, how?: WorkerSetting): Promise<Launched>
}

export interface WorkerSetting {
  readonly trusted?: boolean
  readonly jobs?: number
  /** Lines of the list below `repositories:`; default: this repository for the asker alice. */
  readonly list?: string
  /** Read before the worker starts. */
  readonly env?: Readonly<Record<string, string>>
  /** The URL of the broker, if it is not that of `broker`. */
  readonly on?: string
  /** Through this program. */
  readonly by?: readonly string[]
}

/**
 * `repo` becomes what workers fetch from and what alice asks from. They reach it by ssh, through a program that runs what it is asked
 * for here.
 */
export async function machines(t: Undoing, repo: TestRepo, config = ''): Promise<Machines> {
  const root = path.dirname(repo.dir)
  const broker = await testBroker(t, path.join(root, 'broker'), config)
  const ssh = path.join(root, 'ssh')
  await fs.writeFile(ssh, '#!/bin/sh\nwhile [ "$1" != test.example ]; do shift; done\nshift\nexec sh -c "$*"\n', {
    mode: 0o755,
  })
  const repository = `ssh://test.example${repo.dir}`
  const workers = path.join(root, 'workers.pub')
  await fs.writeFile(workers, '')
  await repo.git('config', '--global', 'pp.asker', 'alice')
  await repo.git('config', '--global', 'pp.workers', workers)
  await repo.git('config', 'pp.jobRepository', repository)
  return {
    ...{ broker, repository, workers },
    async worker(name, { trusted = true, jobs = 1, list, env = {}, by = [], on } = {}) {
      const home = path.join(root, name)
      await fs.mkdir(home, { recursive: true })
      const own = {
        ...{
          ...repo.env,
          HOME: home,
          XDG_CACHE_HOME: path.join(home, '.cache'),
          XDG_CONFIG_HOME: path.join(home, '.config'),
        },
        GIT_CONFIG_GLOBAL: path.join(home, '.gitconfig'),
      }
      await fs.writeFile(
        own.GIT_CONFIG_GLOBAL,
        `[user]\n\tname = ${name}\n\temail = ${name}@example.com\n[core]\n\tsshCommand = ${ssh}\n`,
      )
      const place = repoAt(home, home, own)
      const key = path.join(home, 'key')
      if (
        !(await fs.access(key).then(
          () => true,
          () => false,
        ))
      ) {
        const made = await pp(place, ['keygen', key])
        if (made.status !== 0) throw new Error(made.stderr)
        if (trusted) await fs.appendFile(workers, await fs.readFile(`${key}.pub`))
      }
      const entry = list ?? `  - url: ${repository}\n    askers: [alice]\n`
      await fs.writeFile(path.join(home, 'list.yaml'), `repositories:\n${entry}`)
      const words = [
        'worker',
        '--on',
        on ?? broker.url,
        '--repositories',
        'list.yaml',
        '--key',
        key,
        '--name',
        name,
        '-v',
      ]
      const launched = launch(t, place, [...words, '--jobs', String(jobs)], env, by)
      await launched.said('ready: ')
      return launched
    },
  }
}

/** Commits `count` fixes of as many bugs, each with the test that shows it. */
export async function fixes(repo: TestRepo, count: number): Promise<readonly string[]> {
  const product = (fixed: number) =>
    Array.from({ length: count }, (_, n) => `def f${n}():\n    return ${n < fixed ? n : -1}\n`).join('\n\n')
  const shows = (n: number) =>
    `import unittest\nimport m\n\n\nclass T(unittest.TestCase):\n    def test_f${n}(self):\n        self.assertEqual(m.f${n}(), ${n})\n`
  const always =
    'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertTrue(True)\n'
  await repo.commit('bugs', { 'm.py': product(0), 'test_always.py': always })
  const made: string[] = []
  for (let n = 0; n < count; n += 1)
    made.push(await repo.commit(`fix ${n}`, { 'm.py': product(n + 1), [`test_f${n}.py`]: shows(n) }))
  return made
}
