import { parseArgs } from 'node:util'
import {
  addedLines,
  type ChangedCode,
  overfittingRemarks,
  testData,
  testTexts,
} from '../../src/engine/core/overfitting/index.ts'
import { treeSitter } from '../../src/engine/evidence/index.ts'
import type { CodeRemark } from '../../src/engine/model/code-remark.ts'
import { table } from '../shown/page.ts'
import { type Bed, bedAt, cloneOf } from './bed.ts'
import { type Parts, partsOf } from './fix.ts'
import { type Project, readProjects } from './projects.ts'

/**
 * How many of the chosen fixes are remarked on, although they are honest. Nothing is run: the product part of each fix is
 * read, and its test files are taken for the failing tests. `--clones DIR`: as for run.ts; `--all`: prints the remarks too.
 * Status 1 where 10 % or more of the fixes are remarked on.
 */
const { values } = parseArgs({ options: { clones: { type: 'string' }, all: { type: 'boolean', default: false } } })
const syntax = treeSitter()
const TOO_MANY = 0.1

if (values.clones === undefined) console.log('not measured, for want of --clones DIR')
else process.exitCode = await measure(values.clones)

interface Row {
  readonly project: Project
  readonly commit: string
  /** Null: no source file of the fix is in a language whose code is understood. */
  readonly remarks: readonly CodeRemark[] | null
}

async function measure(clones: string): Promise<number> {
  const rows: Row[] = []
  for (const project of await readProjects()) {
    if (project.fixes.length === 0) continue
    const bed = bedAt(cloneOf(clones, project))
    for (const { commit } of project.fixes)
      rows.push({ project, commit, remarks: await remarksOn(bed, project, commit) })
  }
  const read = rows.filter(({ remarks }) => remarks !== null)
  const remarked = read.filter(({ remarks }) => remarks !== null && remarks.length > 0)
  const languages = [...new Set(read.map(({ project }) => project.language))]
  const count = (all: readonly Row[], language: string) =>
    all.filter(({ project }) => project.language === language).length
  console.log(
    table(
      ['language', 'fixes', 'remarked on'],
      languages.map((language) => [language, count(read, language), count(remarked, language)]),
    ),
  )
  console.log(
    `\n${remarked.length} of ${read.length} fixes are remarked on; ${rows.length - read.length} are in languages whose code is not understood.`,
  )
  for (const { project, commit, remarks } of values.all ? remarked : [])
    console.log(
      `${project.name} ${commit.slice(0, 10)}${remarks?.map(({ kind, sentence }) => `\n    ${kind}: ${sentence}`).join('')}`,
    )
  return remarked.length >= TOO_MANY * read.length ? 1 : 0
}

async function remarksOn(bed: Bed, project: Project, commit: string): Promise<readonly CodeRemark[] | null> {
  const parts = await partsOf(bed, project, commit)
  const code = await changedCode(bed, parts)
  if (code.length === 0) return null
  const tests = parts.tests.map(({ path }) => path)
  const files = (await bed.git('ls-tree', '-r', '-z', '--name-only', commit)).split('\0').filter(Boolean)
  const texts = await textsOf(bed, commit, tests)
  const touched = [...tests, ...parts.source.map(({ path }) => path)]
  const data = testData(
    files.filter((path) => !touched.includes(path)),
    touched,
    texts,
  )
  return overfittingRemarks(code, testTexts([...tests, ...data], [...texts, ...(await textsOf(bed, commit, data))]))
}

async function changedCode(bed: Bed, { commit, base, source }: Parts): Promise<readonly ChangedCode[]> {
  const found: ChangedCode[] = []
  for (const { path, status } of source) {
    const [old, young] = [(await bed.text(base, path)) ?? '', await bed.text(commit, path)]
    const after = young === null ? null : await syntax.code(path, young)
    if (young === null || after === null) continue
    const before = status === 'A' ? null : await syntax.code(path, old)
    found.push({ path, before, after, added: addedLines(old, young) })
  }
  return found
}

async function textsOf(bed: Bed, commit: string, paths: readonly string[]): Promise<readonly string[]> {
  return Promise.all(paths.map(async (path) => (await bed.text(commit, path)) ?? ''))
}
