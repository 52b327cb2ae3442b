import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Place, roundTrip } from './round-trip.ts'

/**
 * Runs the ```sh blocks of README.md and docs/attestation.md that a reader is told to type, by their first line: `# checked`
 * in this checkout (commands that install packages of the system or this checkout again are left to the machine); `# author`
 * and `# reviewer` in repositories of two people with homes of their own and a remote between them.
 */
const top = join(import.meta.dirname, '..')
for (const page of ['README.md', 'docs/attestation.md']) {
  const scratch = mkdtempSync(join(tmpdir(), 'pp-readme-'))
  try {
    const places = {
      checked: { cwd: top, env: { ...process.env } },
      ...roundTrip(scratch, join(top, 'bin', 'git-pp.cjs')),
    }
    const blocks = [
      ...readFileSync(join(top, page), 'utf8').matchAll(/^ *```sh\n( *# (checked|author|reviewer)\b[\s\S]*?)```/gm),
    ]
    if (blocks.length === 0) throw new Error(`${page} has no block of commands that is checked`)
    for (const [, script = '', who] of blocks) run(page, script, places[who as keyof typeof places])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function run(page: string, block: string, { cwd, env }: Place): void {
  const script = block
    .split('\n')
    .filter((line) => !/^(sudo |npm (ci|install|test))/.test(line))
    .join('\n')
  process.stdout.write(`${page}:\n${script}\n`)
  execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, stdio: 'inherit' })
}
