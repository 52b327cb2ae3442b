import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'
import type { TestRepo } from './repo.ts'

/** What runs a program as an ordinary user where we are root, for whom permissions mean nothing; nothing otherwise. */
export const ORDINARY: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : []

/** Gives a test repository with its home to that user. */
export async function giveAway(repo: TestRepo): Promise<void> {
  if (ORDINARY.length > 0) await promisify(execFile)('chown', ['-R', '65534:65534', path.dirname(repo.home)])
}

/** The program and what it loads from folders of its own. */
const PARTS = ['bin', 'dist', 'package.json', 'node_modules/web-tree-sitter', 'node_modules/@vscode/tree-sitter-wasm']
let copy: string | undefined

/** A copy of the built tool that every user may read: a checkout may lie where its owner alone can enter. */
export function ordinaryBin(): string {
  copy ??= copied(path.join(import.meta.dirname, '..', '..'))
  return path.join(copy, 'bin', 'git-pp.cjs')
}

function copied(top: string): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'pp-copy-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  chmodSync(dir, 0o755)
  for (const part of PARTS) cpSync(path.join(top, part), path.join(dir, part), { recursive: true })
  return dir
}
