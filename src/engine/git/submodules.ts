import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { treeSizeCheck } from '../core/gitobject/index.ts'
import type { TreeEntry } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { readSmall } from '../platform/index.ts'
import { catFile } from './cat-file.ts'
import type { GitContext } from './git-context.ts'
import { parseTree } from './parse-output.ts'
import { lstatIfPresent, parentsOf } from './paths-on-disk.ts'
import type { GitProgram } from './run-git.ts'
import { treeReader } from './tree-reader.ts'

/** Where the submodules of one tree may be found. */
interface SubmoduleLevel {
  /** Plain git, reading the objects of the tree that names the submodules. */
  readonly git: GitProgram
  readonly entries: readonly TreeEntry[]
  /** Git directories whose `modules/` may hold them. */
  readonly gitDirs: readonly string[]
  /** The user's checkout of the same tree: its submodules have their own git directories. */
  readonly checkout: string
  /** The directory for the files. */
  readonly dir: string
  /** '' or 'sub/'; used in facts. */
  readonly prefix: string
}

const MAX_DEPTH = 10

/**
 * Fills the submodules of a checkout from data on this machine, at the recorded commits. Returns facts about those that could
 * not be filled.
 */
export async function fillSubmodules(gitContext: GitContext, entries: readonly TreeEntry[], dir: string) {
  const { place } = gitContext
  const gitDirs = [...new Set([place.gitDir, place.commonDir])]
  return fill(gitContext, { git: gitContext.plain, entries, gitDirs, checkout: place.top, dir, prefix: '' }, 0)
}

async function fill(gitContext: GitContext, level: SubmoduleLevel, depth: number): Promise<readonly string[]> {
  const links = level.entries.filter(({ mode }) => mode === '160000')
  if (links.length === 0 || depth > MAX_DEPTH) return []
  const names = await namesOf(level)
  const facts: string[] = []
  for (const link of links) {
    const gitDir = await gitDirOf(level, link, names.get(link.path) ?? null)
    const git = gitDir === null ? null : level.git.with({ env: { GIT_OBJECT_DIRECTORY: path.join(gitDir, 'objects') } })
    if (git !== null) await weigh(gitContext, git, link)
    if (gitDir === null || git === null || !(await checkOut(gitContext, git, link, level.dir))) {
      facts.push(
        `submodule '${level.prefix}${link.path}' is not on this machine, so its directory is empty in every run`,
      )
      continue
    }
    const inner = parseTree(await git.bytes(['ls-tree', '-r', '-z', '--full-tree', link.oid]))
    const below = (top: string) => path.join(top, link.path)
    facts.push(
      ...(await fill(
        gitContext,
        {
          git,
          entries: inner,
          gitDirs: [gitDir],
          checkout: below(level.checkout),
          dir: below(level.dir),
          prefix: `${level.prefix}${link.path}/`,
        },
        depth + 1,
      )),
    )
  }
  return facts
}

/** A submodule has its own objects, so its size is checked separately. Throws TREE_TOO_LARGE. */
async function weigh({ place }: GitContext, git: GitProgram, { oid }: TreeEntry): Promise<void> {
  const cat = catFile(git, place.objectFormat)
  try {
    await treeSizeCheck(treeReader(cat, place))(await git.text(['rev-parse', '--verify', `${oid}^{tree}`]))
  } finally {
    cat.dispose()
  }
}

/** path → name, read from `.gitmodules` of the tree. Git follows no includes in a blob, and runs nothing for it. */
async function namesOf({ git, entries }: SubmoduleLevel): Promise<ReadonlyMap<string, string>> {
  const modules = entries.find((entry) => entry.path === '.gitmodules' && entry.mode.startsWith('100'))
  if (modules === undefined) return new Map()
  const ran = await git.run(['config', '-z', `--blob=${modules.oid}`, '--list'])
  const pairs = ran.stdout
    .toString('utf8')
    .split('\0')
    .flatMap((pair): [string, string][] => {
      const [, name, value] = /^submodule\.(.+)\.path\n(.*)$/s.exec(pair) ?? []
      return name === undefined || value === undefined ? [] : [[value, name]]
    })
  // A name with '..' would lead out of modules/ (CVE-2018-11235).
  return new Map(pairs.filter(([, name]) => !name.split(/[/\\]/).includes('..') && !path.isAbsolute(name)))
}

/** The first git directory of the submodule that has the recorded commit. */
async function gitDirOf(level: SubmoduleLevel, link: TreeEntry, name: string | null): Promise<string | null> {
  const modules = name === null ? [] : level.gitDirs.map((dir) => path.join(dir, 'modules', name))
  const own = await gitDirIn(path.join(level.checkout, link.path))
  for (const dir of own === null ? modules : [...modules, own]) {
    const objects = path.join(dir, 'objects')
    if (!(await lstatIfPresent(objects))?.isDirectory()) continue
    const env = { GIT_OBJECT_DIRECTORY: objects }
    if ((await level.git.run(['cat-file', '-e', `${link.oid}^{tree}`], { env })).status === 0) return dir
  }
  return null
}

async function gitDirIn(checkout: string): Promise<string | null> {
  const pointer = path.join(checkout, '.git')
  const stat = await lstatIfPresent(pointer)
  if (stat?.isDirectory()) return pointer
  const text = stat === null ? null : await readSmall(pointer, 4096)
  const [, target] = /^gitdir: (.+)\n?$/.exec(text?.toString('utf8') ?? '') ?? []
  return target === undefined ? null : path.resolve(checkout, target)
}

async function checkOut(
  gitContext: GitContext,
  git: GitProgram,
  link: { path: string; oid: Oid },
  dir: string,
): Promise<boolean> {
  const target = path.join(dir, link.path)
  if ((await parentsOf(dir, `${link.path}/.`)) !== 'sound') return false
  const index = gitContext.temp('submodule')
  const env = { GIT_WORK_TREE: target, GIT_INDEX_FILE: index }
  const ran = await git.run(['read-tree', '--reset', '-u', link.oid], { env })
  await fs.rm(index, { force: true })
  return ran.status === 0
}
