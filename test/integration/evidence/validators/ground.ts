import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { type ValidationWords, validationWords } from '../../../../src/engine/core/trials/index.ts'
import type { ValidationHead } from '../../../../src/engine/model/validation.ts'
import type { CandidateEdit, Validator } from '../../../../src/engine/ports/validator.ts'

/** A project in which a command is validated. `edits`: path, the text to replace, and what replaces it. */
interface Ground {
  readonly files: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly edits: readonly (readonly [path: string, old: string, fresh: string])[]
  readonly head?: Partial<ValidationHead>
  readonly env?: Readonly<Record<string, string>>
  /** A directory with installed packages, which the project gets as node_modules. */
  readonly modules?: string
}

/** What a validator says of these edits, in their order. */
export function validated(
  t: ExecutionContext,
  plug: Validator,
  { files, command, edits, head = {}, env: more = {}, modules }: Ground,
): Omit<ValidationWords, 'words'> & { readonly words: readonly (string | undefined)[]; readonly output: string } {
  const top = mkdtempSync(join(tmpdir(), 'pp-validated-'))
  t.teardown(() => rmSync(top, { recursive: true, force: true }))
  const [root, reports] = [join(top, 'project'), join(top, 'reports')]
  mkdirSync(reports)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  if (modules !== undefined) symlinkSync(modules, join(root, 'node_modules'))
  for (const [name, bytes] of plug.files()) {
    mkdirSync(dirname(join(reports, name)), { recursive: true })
    writeFileSync(join(reports, name), bytes)
  }
  const settings: ValidationHead = { seconds: 20, jobs: 1, lookOn: 1000, patience: 2, ...head }
  const candidates = edits.map(([path, old, fresh]): CandidateEdit => {
    const start = (files[path] ?? '').indexOf(old)
    if (start < 0) throw new Error(`${path} does not hold ${old}`)
    return { path, start, end: start + old.length, text: fresh }
  })
  const lines = [settings, ...candidates].map((line) => JSON.stringify(line))
  writeFileSync(join(reports, 'pp-candidates.jsonl'), `${lines.join('\n')}\n`)
  const env = { PATH: process.env['PATH'] ?? '', HOME: top, LANG: 'C.UTF-8', ...more }
  const [program = '', ...args] = command
  const ran = spawnSync(program, args, {
    cwd: root,
    env: { ...env, ...plug.env({ reports, root, env }) },
    encoding: 'utf8',
    timeout: 60_000,
  })
  const said = validationWords(readOr(join(reports, 'pp-words.jsonl')))
  return { ...said, words: edits.map((_, at) => said.words.get(at)), output: ran.stdout + ran.stderr }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
