import { join } from 'node:path'
import { encodeBundleLine, sealBundle, writeJson } from '../../src/engine/core/bundle/index.ts'
import { addLine, publicKey, tempProof } from '../../test/helpers/proof.ts'
import { type TestRepo, tempRepo } from '../../test/helpers/repo.ts'
import { type MeasuredRun, measuredRun } from './measured-run.ts'
import { table } from './page.ts'

/**
 * Small inputs from a repository, a remote or a note that would cost minutes or all memory if nothing bounded the work. Prints
 * what each costs. Status 1 if one takes more than 2 s of processor time, 200 MB, or holds the event loop for more than 1 s, or
 * if its message does not name the limit. Needs `npm run build`.
 */
const TOP = join(import.meta.dirname, '..', '..')
const BIN = join(TOP, 'bin', 'git-pp.cjs')
const LIBRARY = join(TOP, 'dist', 'verify', 'index.js')
const [CPU, MEMORY, HOLD] = [2, 200, 1]

interface Bomb {
  readonly name: string
  /** What its output has to say. */
  readonly says: RegExp
  run(undoing: { teardown(undo: () => unknown): void }): Promise<MeasuredRun>
}

const pp = (repo: TestRepo, ...args: readonly string[]) => measuredRun([BIN, ...args], { cwd: repo.dir, env: repo.env })

const deep = Array.from({ length: 25 }, () => 'a'.repeat(40)).join('/')
const globs = (count: number) => Array.from({ length: count }, (_, n) => `    - "*a*b${n}"\n`).join('')

/** A commit that makes `sh t.sh` pass and touches `paths`, on a base with these files. */
async function changed(
  undoing: Parameters<Bomb['run']>[0],
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
): Promise<TestRepo> {
  const touched = Object.fromEntries(paths.map((path) => [path, '1\n']))
  const repo = await tempRepo(undoing as never, { ...files, ...touched, 't.sh': 'exit 1\n' })
  await repo.commit('Change', Object.fromEntries([...paths.map((path) => [path, '2\n']), ['t.sh', 'exit 0\n']]))
  return repo
}

const prove = (repo: TestRepo) => pp(repo, 'prove', 'HEAD', 'sh t.sh', '--runs', '2')

const POLICIES: Readonly<Record<string, { readonly text: string; readonly says: RegExp }>> = {
  'a policy of 60,000 keys': {
    text: `policy:\n${Array.from({ length: 60_000 }, (_, n) => `  k${n}: 1\n`).join('')}`,
    says: /larger than 65536 bytes/,
  },
  'a policy of 7,000 keys in 64 KiB': {
    text: `policy:\n${Array.from({ length: 7000 }, (_, n) => ` ${n}: 1\n`).join('')}`,
    says: /more than 4000 scalars and keys/,
  },
  'a policy of 64 KiB of empty items': {
    text: `policy: {deny_write: [${','.repeat(60_000)}]}`,
    says: /more than 4000 scalars and keys/,
  },
  'a policy of 30,000 brackets': { text: '['.repeat(30_000), says: /nested more than 10 levels deep/ },
  'a policy whose aliases multiply': {
    text: `a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n`,
    says: /aliases .* are not allowed/,
  },
}

const policyBombs = Object.entries(POLICIES).map(
  ([name, { text, says }]): Bomb => ({
    name,
    says,
    run: async (undoing) => prove(await changed(undoing, { 'pp.yaml': text }, ['x'])),
  }),
)

/** 300 unsigned bundles beside the honest one, on a commit with a tree of 3,000 files. */
async function manyBundles(undoing: Parameters<Bomb['run']>[0]): Promise<{ repo: TestRepo; key: string }> {
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`src/dir${n % 50}/file${n}.js`, `${n}\n`]))
  const proof = await tempProof(undoing as never, { kind: 'prove', files })
  const lines = Array.from({ length: 300 }, (_, n) => {
    const record = new Map(proof.bundle.files)
    const session = `01k0000000000000000000${String(n).padStart(4, '0')}`
    writeJson(record, 'repro.json', { ...proof.repro, session })
    record.set('attempts/1/command/stdout', Buffer.from('x'.repeat(8000)))
    return encodeBundleLine(sealBundle(record))
  })
  await addLine(proof.repo, 'refs/notes/pp/bundles', proof.commit, lines.join('\n'))
  return { repo: proof.repo, key: await publicKey(proof.repo) }
}

const library = ({ dir, env }: TestRepo, allowUnsigned: boolean) => {
  const code = `import { verify } from ${JSON.stringify(LIBRARY)}
console.log(JSON.stringify(await verify({ dir: ${JSON.stringify(dir)}, proof: 'HEAD', allowUnsigned: ${allowUnsigned} })))`
  return measuredRun(['--input-type=module', '--eval', code], { cwd: dir, env })
}

/** A tree that comes to 256 to the power of `depth` notes. */
async function treeOfNotes(repo: TestRepo, depth: number): Promise<string> {
  let [kind, oid] = ['100644 blob', await repo.gitWith('x\n', 'hash-object', '-w', '--stdin')]
  for (let level = 0; level < depth; level++) {
    const entries = Array.from({ length: 256 }, (_, n) => `${kind} ${oid}\t${n.toString(16).padStart(2, '0')}\n`)
    oid = await repo.gitWith(entries.join(''), 'mktree')
    kind = '040000 tree'
  }
  return oid
}

const NOT_CHECKED =
  /\d+ of 301 bundles on this commit were not checked, because (at most 12 are|one that holds was found before)/

/** Proves a change in each of so many directories, all of which have this policy. */
async function proveBelow(undoing: Parameters<typeof changed>[0], directories: number, text: string) {
  const names = Array.from({ length: directories }, (_, n) => `d${n}`)
  const files = Object.fromEntries(names.map((name) => [`${name}/pp.yaml`, text]))
  const paths = names.map((name) => `${name}/x`)
  return prove(await changed(undoing, files, paths))
}

const bombs: readonly Bomb[] = [
  {
    name: 'a glob of four `**` and eight `*` on a path of 1,000 letters',
    says: /TESTS_CHANGED|DENIED|t\.sh/,
    run: async (undoing) =>
      prove(
        await changed(undoing, { 'pp.yaml': 'policy:\n  deny_write: ["**/*a*a*/**/*a*a*/**/*a*a*/**/*a*a*b"]\n' }, [
          `${deep}/x`,
        ]),
      ),
  },
  ...policyBombs,
  {
    name: 'the same policy of 1 MiB in four directories',
    says: /cannot be read/,
    run: (undoing) =>
      proveBelow(undoing, 4, `policy:\n${Array.from({ length: 60_000 }, (_, n) => `  k${n}: 1\n`).join('')}`),
  },
  {
    name: 'the same policy of 3,900 globs in 300 directories',
    says: /more than 20000 patterns together/,
    run: (undoing) => proveBelow(undoing, 300, `policy:\n  deny_write:\n${globs(3900)}`),
  },
  {
    name: '2,900 globs for tests in a tree of 3,000 files',
    says: /takes more than 60000000 steps/,
    run: async (undoing) => {
      const text = `policy:\n  tests:\n    patterns:\n${globs(2900).replaceAll('"*', '"**/*')}`
      const paths = Array.from({ length: 3000 }, (_, n) => `src/${'a'.repeat(60)}/${'a'.repeat(60)}${n}`)
      const files = Object.fromEntries(paths.map((path) => [path, '']))
      return prove(await changed(undoing, { 'pp.yaml': text, ...files }, ['x']))
    },
  },
  {
    name: 'a policy of 256 MiB',
    says: /pp\.yaml is larger than 65536 bytes/,
    run: async (undoing) => prove(await changed(undoing, { 'pp.yaml': '#'.repeat(256 << 20) }, ['x'])),
  },
  {
    name: 'notes of a remote that come to 256^20 notes, fetched',
    says: /is not a valid tree of notes|holds more than|too many/,
    run: async (undoing) => {
      const repo = await tempRepo(undoing as never, { a: '1\n' })
      const remote = await tempRepo(undoing as never, { a: '1\n' })
      const commit = await remote.git('commit-tree', await treeOfNotes(remote, 20), '-m', 'notes')
      for (const kind of ['index', 'bundles', 'attestations'])
        await remote.git('update-ref', `refs/notes/pp/${kind}`, commit)
      await repo.git('remote', 'add', 'origin', remote.dir)
      return pp(repo, 'fetch')
    },
  },
  {
    name: '301 bundles, command, signature asked for',
    says: NOT_CHECKED,
    run: async (undoing) => {
      const { repo, key } = await manyBundles(undoing)
      return pp(repo, 'verify', 'HEAD', '--key', key, '--json')
    },
  },
  {
    name: '301 bundles, command, `--allow-unsigned`',
    says: NOT_CHECKED,
    run: async (undoing) => pp((await manyBundles(undoing)).repo, 'verify', 'HEAD', '--allow-unsigned', '--json'),
  },
  {
    name: '301 bundles, library, signature asked for',
    says: NOT_CHECKED,
    run: async (undoing) => library((await manyBundles(undoing)).repo, false),
  },
  {
    name: '301 bundles, library, unsigned allowed',
    says: NOT_CHECKED,
    run: async (undoing) => library((await manyBundles(undoing)).repo, true),
  },
]

const rows: (readonly (string | number)[])[] = []
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'))
for (const one of bombs.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)))) {
  const undo: (() => unknown)[] = []
  try {
    const ran = await one.run({ teardown: (step) => undo.push(step) })
    const { cpuSeconds, peakMiB, longestHold } = ran
    const faults = [
      ...(cpuSeconds <= CPU ? [] : [`more than ${CPU} s`]),
      ...(peakMiB <= MEMORY ? [] : [`more than ${MEMORY} MB`]),
      ...(longestHold <= HOLD ? [] : [`holds the event loop longer than ${HOLD} s`]),
      ...(one.says.test(ran.output) ? [] : ['does not name the limit']),
    ]
    if (faults.length > 0) {
      process.exitCode = 1
      console.error(`${one.name}: ${faults.join(', ')}\n${ran.output.slice(0, 2000)}`)
    }
    const costs = [cpuSeconds.toFixed(2), peakMiB.toFixed(0), longestHold.toFixed(2), ran.status ?? 'killed']
    rows.push([one.name, ...costs, faults.length === 0 ? 'yes' : 'NO'])
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}
console.log(table(['input', 'CPU seconds', 'peak MiB', 'longest hold (CPU seconds)', 'status', 'bounded'], rows))
