import { execFile } from 'node:child_process'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { BUGGY, type Case, PYTEST, TESTS, type Tree } from './case.ts'

const COMPILE = `import pathlib, py_compile, sys
here, out, text = sys.argv[1:]
source = pathlib.Path(here, "pp_source.py")
source.write_text(text)
py_compile.compile(str(source), str(pathlib.Path(here, out)), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
source.unlink()
`

/** Makes two commits of a case in an empty repository at `dir`: its base, and its change. */
export async function layCase(dir: string, { base, change }: Case, commit: (message: string) => Promise<unknown>) {
  await lay(dir, { 'calc.py': BUGGY, 'test_calc.py': TESTS, ...base })
  await commit('Base')
  await lay(dir, change)
  await commit('Change')
}

async function lay(dir: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    const at = join(dir, path)
    await rm(at, { recursive: true, force: true })
    if (content === null) continue
    await mkdir(dirname(at), { recursive: true })
    if (typeof content === 'string') await writeFile(at, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 })
    else if ('link' in content) await symlink(content.link, at)
    else await promisify(execFile)('python3', ['-c', COMPILE, dir, path, content.bytecode])
  }
}

/** What a case needs in its environment, since its HOME is not that of the caller: rustup looks there for toolchains. */
export function environmentOf({ needs = [], checkouts }: Case): Readonly<Record<string, string>> {
  const at = (name: string, folder: string) => process.env[name] ?? join(homedir(), folder)
  return {
    ...(checkouts && { PP_WORKTREES: 'checkout' }),
    ...(needs.includes('cargo') && {
      RUSTUP_HOME: at('RUSTUP_HOME', '.rustup'),
      CARGO_HOME: at('CARGO_HOME', '.cargo'),
    }),
  }
}

/** The words after `git pp` that prove the change of a case. */
export function provingOf({ command, options }: Case): string[] {
  return ['prove', 'HEAD', command ?? PYTEST, '--runs', '2', ...(options ?? [])]
}
