import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { localise, syntax } from './localised.ts'
import type { Row, Summary } from './localised-rows.ts'
import { type Mutant, mutants } from './mutants.ts'
import { type Bed, bed, inParallel } from './programs.ts'
import { pythonFiles, pythonSources } from './python-project.ts'

/** The parts of networkx whose own tests take a second together; mutants lie in them, the rest of the package stands around. */
const PARTS = ['utils', ...['components', 'traversal', 'tree'].map((name) => `algorithms/${name}`)]
// Debian's own Python sees Debian's pytest and what networkx needs.
const COMMAND = `/usr/bin/python3 -m pytest -q ${PARTS.map((part) => `networkx/${part}`).join(' ')}`
// The tests take one second of a processor, traced some six, and a busy machine may give them little of it; a mutant that
// makes them take this long hangs.
const HANG_SEC = 90

export interface Mutated extends Summary {
  readonly tried: number
}

interface Files {
  readonly texts: ReadonlyMap<string, string>
  /** Numbers of the lines inside functions, of the parts that tests run. */
  readonly places: ReadonlyMap<string, { readonly text: string; readonly lines: readonly number[] }>
  readonly functions: { readonly all: number; readonly tested: number }
}

/** The first `wanted` mutants of networkx, in the order of the seed, that its own tests notice; null where the package is not installed. */
export async function ofMutants(
  wanted: number,
  seed: number,
  how: { readonly trace: boolean; readonly tell: (row: Row) => void },
): Promise<Mutated | null> {
  const source = await pythonSources('networkx')
  if (source === null) return null
  const files = await filesOf(source)
  const stream = mutants(files.places, seed)
  const noticed = new Map<number, Row>()
  let tried = 0
  await inParallel([0, 1], async () => {
    const repo = await bed('mutants')
    try {
      await repo.write(Object.fromEntries(files.texts))
      while (noticed.size < wanted) {
        const next = stream.next()
        if (next.done) return
        const nth = tried++
        const row = await tryMutant(repo, next.value, files, how.trace)
        if (row === null) continue
        noticed.set(nth, row)
        how.tell(row)
      }
    } finally {
      await repo.remove()
    }
  })
  // Two at a time: one more may have been noticed than was wanted, and later ones before earlier ones.
  const chosen = [...noticed].sort(([a], [b]) => a - b).slice(0, wanted)
  const { all, tested } = files.functions
  return {
    title: `mutants of networkx, seed ${seed}: ${all} functions, ${tested} of them in the parts that the tests run`,
    rows: chosen.map(([, row]) => row),
    tried: Math.min(tried, 1 + (chosen.at(-1)?.[0] ?? tried)),
  }
}

async function filesOf(dir: string): Promise<Files> {
  const texts = new Map<string, string>()
  const places = new Map<string, { text: string; lines: number[] }>()
  const functions = { all: 0, tested: 0 }
  for (const path of (await pythonFiles(dir)).map((one) => `networkx/${one}`)) {
    const text = await readFile(join(dir, path.slice('networkx/'.length)), 'utf8')
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

/** Null when no test notices it; the repository is left as it was found, but for its history. */
async function tryMutant(repo: Bed, mutant: Mutant, { texts }: Files, trace: boolean): Promise<Row | null> {
  const text = texts.get(mutant.path) ?? ''
  const lines = text.split('\n')
  lines[mutant.line - 1] = mutant.after
  await repo.write({ [mutant.path]: lines.join('\n') })
  try {
    if (await passes(repo)) return null
    await repo.commit('A project with a bug')
    const found = await localise(repo, mutant, COMMAND, { trace, hangAfter: HANG_SEC })
    return { name: `${mutant.path}:${mutant.line} ${mutant.before.trim()} → ${mutant.after.trim()}`, found }
  } finally {
    await repo.write({ [mutant.path]: text })
  }
}

/** Most mutants are not noticed, and this is cheaper than a session: up to the first failure, bytecode kept. */
function passes(repo: Bed): Promise<boolean> {
  const env = { ...repo.env, PYTHONPYCACHEPREFIX: join(repo.root, 'bytecode') }
  const options = { cwd: repo.dir, env, timeout: HANG_SEC * 1000, maxBuffer: 1 << 28 }
  return new Promise((resolve) => {
    execFile('sh', ['-c', `exec ${COMMAND} -x -p no:cacheprovider`], options, (error) => resolve(!error))
  })
}
