import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs the commands of README.md that a fresh machine is told to type: every ```sh block whose first line is a comment
 * with the word "checked". Commands that install packages of the system or this checkout again are left to the machine.
 */
const top = join(import.meta.dirname, '..')
const readme = readFileSync(join(top, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/```sh\n(# checked[^\n]*\n[\s\S]*?)```/g)].map(([, block]) => block ?? '')
if (blocks.length === 0) throw new Error('README.md has no block of commands that is checked')
for (const block of blocks) {
  const script = block
    .split('\n')
    .filter((line) => !/^(sudo |npm (ci|install|test))/.test(line))
    .join('\n')
  process.stdout.write(`README:\n${script}\n`)
  execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: top, stdio: 'inherit' })
}
