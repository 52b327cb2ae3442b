import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { programs } from '../evaluation/shown/programs.ts'
import { shellWord } from '../src/engine/model/command.ts'

/** Makes a repository of a real program with a bug and its tests, mends it with the embedded search, and replays the proof. */
const wanted = process.argv[2] ?? 'quicksort'
const top = join(import.meta.dirname, '..')
const bin = join(top, 'bin', 'git-pp.cjs')
const program = (await programs(join(top, 'evaluation', 'bench', 'data', 'quixbugs.jsonl'))).find(
  ({ id }) => id === wanted,
)
if (!program) throw new Error(`no such program: ${wanted}; see evaluation/bench/data/quixbugs.jsonl`)

const dir = mkdtempSync(join(tmpdir(), `pp-demo-${program.id}-`))
for (const [path, text] of Object.entries({ ...program.files, [program.file]: program.buggy })) {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), text)
}
const git = (...args: string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.name=Demo', '-c', 'user.email=demo@example.com', ...args], {
    stdio: 'inherit',
  })
const pp = (...args: string[]) => {
  process.stdout.write(`\n$ git pp ${args.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')}\n`)
  execFileSync(process.execPath, [bin, ...args], { cwd: dir, stdio: 'inherit' })
}
git('init', '-q', '-b', 'main')
git('add', '-A')
git('commit', '-q', '-m', `${program.id}, with a bug`)
pp('run', program.command)
pp('replay')
process.stdout.write(`
The repository is ${dir}. To look at the proof, without installing anything:
    node ${shellWord(bin)} -C ${shellWord(dir)} show
After npm install -g . in ${top} the same is: git pp show, in that directory.
`)
