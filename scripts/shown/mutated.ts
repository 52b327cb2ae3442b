import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { treeSitter } from '../../src/engine/evidence/syntax/tree-sitter.ts'
import { localise } from './localised.ts'
import type { Row, Summary } from './localised-rows.ts'
import { type Mutant, mutants } from './mutants.ts'
import { bed, inParallel } from './programs.ts'
import { pythonFiles, pythonSources } from './python-project.ts'

/** The parts of networkx whose own tests take seconds; mutants lie in them, the rest of the package stands around. */
const PARTS = [
  'utils',
  ...['bipartite', 'coloring', 'components', 'minors', 'operators', 'shortest_paths', 'traversal', 'tree'].map(
    (name) => `algorithms/${name}`,
  ),
]
// Debian's own Python sees Debian's pytest and what networkx needs.
const COMMAND = `/usr/bin/python3 -m pytest -q ${PARTS.map((part) => `networkx/${part}`).join(' ')}`
// The tests take three seconds of a processor; a mutant that makes them take this long hangs.
const HANG_SEC = 240

interface Files {
  readonly texts: ReadonlyMap<string, string>
  /** Numbers of the lines inside functions, of the parts that tests run. */
  readonly places: ReadonlyMap<string, { readonly text: string; readonly lines: readonly number[] }>
  readonly functions: { readonly all: number; readonly tested: number }
}

/** Mutants of networkx that its own tests notice, `wanted` of them; null where the package is not installed. */
export async function ofMutants(
  wanted: number,
  seed: number,
  how: { readonly trace: boolean; readonly tell: (row: Row) => void },
): Promise<(Summary & { readonly tried: number }) | null> {
  const source = await pythonSources('networkx')
  if (source === null) return null
  const root = await mkdtemp(join(tmpdir(), 'pp-mutants-'))
  try {
    const plain = join(root, 'plain')
    await cp(source, join(plain, 'networkx'), { recursive: true, filter: (path) => !/\/__pycache__$/.test(path) })
    const files = await filesOf(plain)
    const stream = mutants(files.places, seed)
    const rows: Row[] = []
    let tried = 0
    await inParallel([0, 1], async () => {
      while (rows.length < wanted) {
        const next = stream.next()
        if (next.done) return
        tried += 1
        const row = await tryMutant(root, plain, next.value, files, how.trace)
        if (row === null) continue
        rows.push(row)
        how.tell(row)
      }
    })
    const { all, tested } = files.functions
    const title = `mutants of networkx: ${all} functions, ${tested} of them in the parts that the tests run`
    return { title, rows: rows.slice(0, wanted), tried }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function filesOf(dir: string): Promise<Files> {
  const syntax = treeSitter()
  const texts = new Map<string, string>()
  const places = new Map<string, { text: string; lines: number[] }>()
  const functions = { all: 0, tested: 0 }
  for (const path of await pythonFiles(dir)) {
    const text = await readFile(join(dir, path), 'utf8')
    texts.set(path, text)
    if (/\/tests\/|\/conftest\.py$/.test(path)) continue
    const slices = (await syntax.functions(path, text)) ?? []
    functions.all += slices.length
    if (!PARTS.some((part) => path.startsWith(`networkx/${part}/`))) continue
    functions.tested += slices.length
    const lines = slices.flatMap(({ headEnd, end }) =>
      Array.from({ length: end - headEnd }, (_, at) => headEnd + 1 + at),
    )
    places.set(path, { text, lines: [...new Set(lines)] })
  }
  return { texts, places, functions }
}

/** Null when no test notices it. */
async function tryMutant(
  root: string,
  plain: string,
  mutant: Mutant,
  { texts }: Files,
  trace: boolean,
): Promise<Row | null> {
  const lines = (texts.get(mutant.path) ?? '').split('\n')
  lines[mutant.line - 1] = mutant.after
  const copy = await mkdtemp(join(root, 'copy-'))
  const repo = await bed('mutant')
  try {
    await cp(plain, copy, { recursive: true })
    await writeFile(join(copy, mutant.path), lines.join('\n'))
    if (await passes(copy)) return null
    await mkdir(repo.dir, { recursive: true })
    await repo.write({ ...Object.fromEntries(texts), [mutant.path]: lines.join('\n') })
    await repo.commit('A project with a bug')
    const name = `${mutant.path}:${mutant.line} ${mutant.before.trim()} → ${mutant.after.trim()}`
    return { name, found: await localise(repo, mutant, COMMAND, { trace, hangAfter: HANG_SEC }) }
  } finally {
    await rm(copy, { recursive: true, force: true })
    await repo.remove()
  }
}

function passes(cwd: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: HANG_SEC * 1000, maxBuffer: 1 << 28 }
    execFile('sh', ['-c', `exec ${COMMAND} -x -p no:cacheprovider`], options, (error) => resolve(!error))
  })
}
