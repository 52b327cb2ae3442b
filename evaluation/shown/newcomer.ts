import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bareMachine, HOME, settle, type } from './bare-machine.ts'
import { fresh } from './readme-blocks.ts'

/**
 * usage: newcomer [--kept DIR] [--sample N]
 *
 * What a newcomer types: the commands of README.md, "On a fresh machine", and nothing else, by an ordinary user on a Debian with its
 * minimal system, package lists and this machine's Node. Tries what is committed. DIR: keeps the minimal system for the next time.
 * `--sample N`: the first N commands. Needs root. Status 1 when a command fails.
 */
const { values } = parseArgs({ options: { kept: { type: 'string' }, sample: { type: 'string' } } })
const top = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'pp-newcomer-'))
const root = join(scratch, 'root')
try {
  mkdirSync(root)
  bareMachine(values.kept ?? join(scratch, 'kept'), root)
  execFileSync('git', ['clone', '-q', '--no-hardlinks', top, join(root, HOME, 'git-pp')])
  settle(root)
  await type(root, '/', 'sudo apt-get update')
  console.log('| typed | seconds | status | says |\n|---|---|---|---|')
  const commands = fresh(readFileSync(join(top, 'README.md'), 'utf8'))
  for (const line of commands.slice(0, Number(values.sample ?? commands.length))) {
    const { status, seconds, output } = await type(root, join(HOME, 'git-pp'), line)
    const counts = output.match(/^ *\d+ (tests?|uncaught exceptions?|known failures?) \w+$/gm) ?? []
    console.log(`| \`${line}\` | ${seconds} | ${status} | ${counts.map((one) => one.trim()).join(', ')} |`)
    if (status !== 0) process.exitCode = 1
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
