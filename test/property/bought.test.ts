import test from 'ava'
import fc from 'fast-check'
import { WHOLE } from '../helpers/sample.ts'
import { proving, type Story } from '../support/fakes.ts'
import type { Files } from '../support/repository.ts'
import type { Program } from '../support/sandbox.ts'
import { suite } from '../support/suite.ts'

/** With SEED=number the same cases are tried again. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const numRuns = WHOLE ? 10_000 : 300

const PRODUCT = ['calc.js', 'src/sums.py', 'lib/deep/a.rb']
const DATA = ['vectors/want.json', 'expected.txt', 'sums.feature', 'src/words.yml', 'data/x']
/** Files that the base does not have, or that its run does not read. */
const UNSEEN = ['local.json', 'docs/a.md', 'src/more.toml', 'unnamed.py', 'lib/deep/none.json']
const JUDGES = ['test/a.test.js', 'test/deep/b.test.js', 'test/data.csv', 'conftest.py', 'jest.config.js']

/** The right word, or once in so many times the wrong one, so that enough cases are red before and green afterwards. */
const wordWrong = (times: number) =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant('right') }, { weight: 1, arbitrary: fc.constant('wrong') })
const textWrong = (times: number) => wordWrong(times).map((held) => `${held}\n`)
const one = (path: string) => fc.constantFrom(path)
const someOf = <T>(paths: readonly string[], value: (path: string) => fc.Arbitrary<T>) =>
  fc
    .subarray([...paths])
    .chain((chosen) => fc.tuple(...chosen.map((path) => fc.tuple(one(path), value(path)))))
    .map((pairs): Readonly<Record<string, T>> => Object.fromEntries(pairs))

/** A line of a test file: what some file has to hold. */
const line = fc
  .tuple(fc.constantFrom(...PRODUCT, ...PRODUCT, ...DATA, ...UNSEEN), wordWrong(8))
  .map(([path, wanted]) => `${path} has ${wanted}`)
const tests = fc.tuple(line, line).map((lines) => lines.map((said, at) => `t${at}: ${said}`))
const judge = (path: string): fc.Arbitrary<string> =>
  path.endsWith('.test.js')
    ? tests.map((lines) => lines.map((said) => `${path.at(-9)}${said}\n`).join(''))
    : textWrong(8)
/** An example inside of a product file; only Python has such lines. */
const product = (path: string, times: number): fc.Arbitrary<string> =>
  path.endsWith('.py')
    ? fc
        .tuple(textWrong(times), fc.option(tests))
        .map(([own, lines]) => own + (lines ?? []).map((said) => `>>> ${said}\n`).join(''))
    : textWrong(times)

const story = fc.record({
  base: fc
    .tuple(
      fc
        .tuple(...PRODUCT.map((path) => fc.tuple(one(path), product(path, 4))))
        .map((pairs) => Object.fromEntries(pairs)),
      someOf(DATA, () => textWrong(4)),
      fc.tuple(fc.constant('test/a.test.js'), judge('test/a.test.js')).map((pair) => Object.fromEntries([pair])),
      someOf(JUDGES, judge),
    )
    .map((parts): Files => Object.assign({}, ...parts)),
  change: fc
    .tuple(
      someOf(PRODUCT, (path) => product(path, 20)),
      someOf([...DATA, ...UNSEEN], () => fc.option(textWrong(20), { freq: 4 })),
      someOf(JUDGES, (path) => fc.option(judge(path), { freq: 4 })),
    )
    .map((parts): NonNullable<Story['change']> => Object.assign({}, ...parts)),
})

/** What a file holds that is not there: every test takes it, as a test does that reads a file only if it is there. */
const ANY = 'right wrong'
const ALL_ABSENT = Object.fromEntries([...PRODUCT, ...DATA, ...UNSEEN].map((path) => [path, ANY]))

/** Examples inside of files are tests, too. */
function results(files: Files): string {
  const inside = Object.entries(files).flatMap(([path, held]) =>
    path.endsWith('.py') ? [[`test/in ${path}`, held.replace(/^(?!>>> ).*$/gm, '').replace(/^>>> /gm, 'in ')]] : [],
  )
  return suite({ ...ALL_ABSENT, ...files, ...Object.fromEntries(inside) })
}

/** Examples in documentation are tests only where something says that they run. */
const RUNS_EXAMPLES = [{ name: 'unit', command: { shell: 'run-tests --doctest' }, cwd: '' }]

const command: Program = ({ files }) => {
  const output = results(files)
  return { ended: output === '' || /^not ok/m.test(output) ? 1 : 0, output }
}

/** The base with those files of the change that `isTaken` names; examples inside of files stay those of the base. */
function withOnly({ base, change = {} }: Story, isTaken: (path: string) => boolean): Files {
  const files: Record<string, string> = { ...base }
  for (const [path, held] of Object.entries(change)) {
    if (!isTaken(path)) continue
    if (held === null) delete files[path]
    else
      files[path] = path.endsWith('.py') && base[path] !== undefined ? `${outside(held)}${examples(base[path])}` : held
  }
  return files
}

const examples = (held: string): string => held.match(/^>>> .*\n/gm)?.join('') ?? ''
const outside = (held: string): string => held.replace(/^>>> .*\n/gm, '')

const isGreen = (files: Files): boolean => !/^not ok/m.test(results(files))
const isProduct = (path: string) => PRODUCT.includes(path)
const isJudge = (path: string) => JUDGES.includes(path)
/** Source that the base's run did not read may be product. */
const isData = (path: string) => !isProduct(path) && !isJudge(path) && !path.endsWith('.py')

test('a change that is green only by judges, examples or data is never PROVED without its remark as the first words', async (t) => {
  const seen = { proved: 0, remarked: 0, bought: 0 }
  const property = fc.asyncProperty(story, async (told) => {
    const reads = Object.keys(told.base).filter((path) => !UNSEEN.includes(path))
    const {
      verdict,
      reason,
      needs = [],
    } = await proving({ ...told, command, targets: RUNS_EXAMPLES, reads, options: { runs: 1 } })
    const alone = isGreen(withOnly(told, isProduct))
    const withData = isGreen(withOnly(told, (path) => !isJudge(path)))
    if (!alone) seen.bought += 1
    if (verdict !== 'PROVED') return true
    seen.proved += 1
    if (needs.length > 0) seen.remarked += 1
    const isSaid = reason.startsWith(`it needs changes in data or fixtures that the command reads: ${needs[0]}`)
    if (alone) return needs.length === 0 || isSaid
    return withData && isSaid && !needs.some(isJudge) && !isGreen(withOnly(told, isData))
  })
  t.timeout(60 * 60_000)
  t.log(`seed ${seed}, ${numRuns} cases`)
  await fc.assert(property, { seed, numRuns })
  t.log(JSON.stringify(seen))
  // Changes that need both their product and their data are rare.
  const isTelling = seen.proved > 0 && seen.bought > 0 && (seen.remarked > 0 || !WHOLE)
  t.true(isTelling, `the cases tell nothing: ${JSON.stringify(seen)}`)
})
