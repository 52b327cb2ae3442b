import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Place, roundTrip } from './round-trip.ts'

/**
 * Runs the ```sh blocks of README.md and docs/attestation.md that begin with `# author` or `# reviewer`, in repositories of two people
 * with homes of their own and a remote between them. What a newcomer types, `.ci/run` types before anything else is installed.
 */
const top = join(import.meta.dirname, '..')
for (const page of ['README.md', 'docs/attestation.md']) {
  const scratch = mkdtempSync(join(tmpdir(), 'pp-readme-'))
  try {
    const places = roundTrip(scratch, join(top, 'bin', 'git-pp.cjs'))
    const blocks = [
      ...readFileSync(join(top, page), 'utf8').matchAll(/^ *```sh\n( *# (author|reviewer)\b[\s\S]*?)```/gm),
    ]
    if (blocks.length === 0) throw new Error(`${page} has no block of commands that is checked`)
    for (const [, script = '', who] of blocks) run(page, script, places[who as keyof typeof places])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function run(page: string, script: string, { cwd, env }: Place): void {
  process.stdout.write(`${page}:\n${script}\n`)
  execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, stdio: 'inherit' })
}
