import test from 'ava'
import { proveFlow } from '../../../../src/engine/flows/prove/index.ts'
import { CALC, edits, proving, RIGHT, running, type Story, sessionOf } from '../../../support/fakes.ts'
import { type Program, tests } from '../../../support/sandbox.ts'

/** One more test, which compares with data. */
const DATA: Story['base'] = {
  ...CALC,
  'test/data.test.js': 'reads: vectors/want.json has 4\n',
  'vectors/want.json': '3 and 4\n',
  'README.md': 'calc\n',
}
const READS = ['calc.js', 'test/calc.test.js', 'test/data.test.js', 'vectors/want.json']

test('a change of the product alone is proved, and needs nothing', async (t) => {
  const result = await proving({ base: DATA, change: RIGHT, reads: READS })
  t.like(result, { verdict: 'PROVED', observed: true, needs: undefined })
  t.false(result.notShown.some((line) => line.includes('not observed')))
})

test('source that only the tests of the change reach is product', async (t) => {
  const base = { 'calc.js': 'wrong and even\n', 'test/other.test.js': 'is: other.js has it\n', 'other.js': 'it\n' }
  const change = { ...RIGHT, 'test/calc.test.js': 'adds: calc.js has right\n' }
  const result = await proving({ base, change, reads: ['other.js', 'test/other.test.js'] })
  t.is(result.verdict, 'PROVED')
  t.true(result.warnings.some((line) => line === 'the run of the base did not read calc.js'))
})

test('a change of nothing but data that the command reads is no proof', async (t) => {
  const base = { ...DATA, 'vectors/want.json': '3\n', 'calc.js': 'right and even\n' }
  const result = await proving({ base, change: { 'vectors/want.json': '4\n' }, reads: READS })
  t.is(result.verdict, 'TESTS_CHANGED')
  t.regex(result.reason, /edits no product: the run of the base only read vectors\/want\.json/)
  t.regex(result.mend ?? '', /--allow vectors\/want\.json/)
})

test('the same change is proved where the policy names the data, by a path or by its directory', async (t) => {
  const base = { ...DATA, 'vectors/want.json': '3\n', 'calc.js': 'right and even\n' }
  for (const pattern of ['vectors/want.json', 'vectors/**', '**/*.json']) {
    const policy = `policy: {write_allowlist: [${JSON.stringify(pattern)}]}\n`
    const result = await proving({ base, change: { 'vectors/want.json': '4\n' }, reads: READS, policy })
    t.is(result.verdict, 'PROVED', pattern)
  }
})

test('a change that is green only with its own data says so first', async (t) => {
  const base = { ...DATA, 'vectors/want.json': '3\n' }
  const change = { ...RIGHT, 'vectors/want.json': '4\n' }
  const result = await proving({ base, change, reads: READS })
  t.is(result.verdict, 'PROVED')
  t.deepEqual(result.needs, ['vectors/want.json'])
  t.regex(result.reason, /^it needs changes in data or fixtures that the command reads: vectors\/want\.json; red in /)
})

test('a change that is green with its data alone is no proof, whatever else it edits', async (t) => {
  const base = { ...DATA, 'vectors/want.json': '3\n', 'calc.js': 'right and even\n' }
  const change = { 'calc.js': 'right and even, touched\n', 'vectors/want.json': '4\n' }
  const result = await proving({ base, change, reads: READS })
  t.is(result.verdict, 'TESTS_CHANGED')
  t.regex(result.reason, /passes with only the changed data and no change of the product: vectors\/want\.json$/)
  t.regex(result.mend ?? '', /--allow vectors\/want\.json/)
  const policy = 'policy: {write_allowlist: [calc.js, vectors/**]}\n'
  t.is((await proving({ base, change, reads: READS, policy })).verdict, 'PROVED')
})

test('new source in a directory is no data, although no product names it', async (t) => {
  const base = { ...CALC, 'calc.js': 'right and even\n', 'test/rules.test.js': 'rule: rules/one.js has it\n' }
  const change = { 'calc.js': 'right and even, touched\n', 'rules/one.js': 'it\n' }
  const reads = ['calc.js', 'test/calc.test.js', 'test/rules.test.js']
  t.is((await proving({ base, change, reads })).verdict, 'PROVED')
})

test('with tests.observed: deny that is no proof, and neither is a run that cannot be observed', async (t) => {
  const policy = 'policy: {tests: {observed: deny}}\n'
  const base = { ...DATA, 'vectors/want.json': '3\n' }
  const needs = await proving({ base, change: { ...RIGHT, 'vectors/want.json': '4\n' }, reads: READS, policy })
  t.is(needs.verdict, 'TESTS_CHANGED')
  const blind = await proving({ base: DATA, change: RIGHT, policy })
  t.is(blind.verdict, 'INVALID_RED')
  t.regex(blind.reason, /observed/)
  t.is((await proving({ base: DATA, change: RIGHT, reads: READS, policy })).verdict, 'PROVED')
})

test('data that the change brings together with a test for it is not needed by the tests of the base', async (t) => {
  const change = { ...RIGHT, 'vectors/more.json': '7\n', 'test/more.test.js': 'more: vectors/more.json has 7\n' }
  const result = await proving({ base: DATA, change, reads: READS })
  t.like(result, { verdict: 'PROVED', needs: undefined })
})

test('where nothing can be observed, data counts as product, and the proof says so', async (t) => {
  const base = { ...DATA, 'vectors/want.json': '3\n', 'calc.js': 'right and even\n' }
  const result = await proving({ base, change: { 'vectors/want.json': '4\n' } })
  t.like(result, { verdict: 'PROVED', observed: false })
  t.true(result.notShown.some((line) => line.includes('not observed')))
})

for (const [what, files, reason] of [
  ['data that the failing run read', { 'vectors/want.json': '4\n' }, /read it and did not execute it/],
  ['a file that the failing run did not read', { 'README.md': 'calc!\n' }, /did not read it/],
  ['a new file that no product names', { '.toolrc': 'shell id\n' }, /did not read it/],
] as const)
  test(`a proposal may not edit ${what}, unless its path is named`, async (t) => {
    const proposal = edits({ ...RIGHT, ...files })
    const story: Story = { base: DATA, reads: READS }
    const [denied] = (await running(story, proposal)).attempts
    t.is(denied?.verdict, 'DENIED')
    t.regex(denied?.reason ?? '', reason)
    const [path = ''] = Object.keys(files)
    const policy = `policy: {write_allowlist: [calc.js, ${JSON.stringify(path)}]}\n`
    t.is((await running({ ...story, policy }, proposal)).verdict, 'PROVED')
  })

test('a proposal may add source that its product names', async (t) => {
  const proposal = edits({ 'calc.js': 'import parts; right and even\n', 'parts.js': 'right\n' })
  t.is((await running({ base: DATA, reads: READS }, proposal)).verdict, 'PROVED')
})

/** Writes a file beside what it tests where the product is the right one. */
const plants =
  (path: string, always = false): Program =>
  (run) => {
    if (always || run.files['calc.js']?.includes('right')) run.write(path, 'x\n')
    return tests(run)
  }

for (const path of ['b/conftest.py', 'test/new.test.js', 'deep/er/test_new.py', 'jest.config.js'])
  test(`${path} that only the run with the change leaves is RIGGED`, async (t) => {
    const result = await proving({ base: CALC, change: RIGHT, command: plants(path) })
    t.is(result.verdict, 'RIGGED')
    t.true(result.reason.includes(path), result.reason)
    t.is((await proving({ base: CALC, change: RIGHT, command: plants(path, true) })).verdict, 'PROVED')
  })

for (const path of ['test/__snapshots__/a.snap', 'out.json', 'coverage/x.html', 'test/data.csv'])
  test(`${path}, which no runner loads as code, may be left`, async (t) => {
    t.is((await proving({ base: CALC, change: RIGHT, command: plants(path) })).verdict, 'PROVED')
  })

const ALSO = 'policy: {verify: {also: [{name: accept, cmd: run-tests accept}]}}\n'
/** The separate command looks at its own test file alone. */
const separate: Program = (run) => {
  if (!run.command.includes('accept')) return tests({ ...run, files: without(run.files, 'test/accept.test.js') })
  const [wanted = ''] = (run.files['test/accept.test.js'] ?? '').split('\n')
  const ok = run.files['calc.js']?.includes(wanted) ?? false
  return { ended: ok ? 0 : 1, output: ok ? 'ok accept\n' : 'not ok accept: no\n' }
}

function without(files: Story['base'], path: string): Story['base'] {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== path))
}

test('a separate command is judged by its own judges as the base has them', async (t) => {
  const story: Story = { base: { ...CALC, 'test/accept.test.js': 'exact\n' }, command: separate, policy: ALSO }
  const bought = await proving({ ...story, change: { ...RIGHT, 'test/accept.test.js': 'right\n' } })
  t.is(bought.verdict, 'TESTS_CHANGED')
  t.regex(bought.reason, /separate command accept passes only because judges changed/)
  t.is((await proving({ ...story, change: RIGHT })).verdict, 'NOT_FIXED')
  t.is((await proving({ ...story, change: { 'calc.js': 'right and even, exact\n' } })).verdict, 'PROVED')
})

test('a file that the base lacks, and without which the change is not green, is said first as well', async (t) => {
  const base = { ...CALC, 'test/local.test.js': 'local: local.json has 4\n' }
  const reads = ['calc.js', 'test/calc.test.js', 'test/local.test.js']
  const result = await proving({ base, change: { ...RIGHT, 'local.json': '4\n' }, reads })
  t.is(result.verdict, 'PROVED')
  t.deepEqual(result.needs, ['local.json'])
  t.regex(result.reason, /^it needs changes in data or fixtures that the command reads: local\.json; red in /)
  const denied = await proving({
    ...{ base, change: { ...RIGHT, 'local.json': '4\n' }, reads },
    policy: 'policy: {tests: {observed: deny}}\n',
  })
  t.is(denied.verdict, 'TESTS_CHANGED')
})

test('a page that no run reads is not needed', async (t) => {
  const result = await proving({
    base: DATA,
    change: { ...RIGHT, 'README.md': 'more\n', 'NEWS.md': 'x\n' },
    reads: READS,
  })
  t.like(result, { verdict: 'PROVED', needs: undefined })
})

test('data without which only a separate command does not pass is said first as well', async (t) => {
  const story: Story = {
    ...{ base: { ...CALC, 'accept.txt': 'exact\n' }, reads: ['calc.js', 'test/calc.test.js'], policy: ALSO },
    command: (run) => {
      if (!run.command.includes('accept')) return tests(run)
      const [wanted = ''] = (run.files['accept.txt'] ?? '').split('\n')
      const ok = run.files['calc.js']?.includes(wanted) ?? false
      return { ended: ok ? 0 : 1, output: ok ? 'ok accept\n' : 'not ok accept: no\n' }
    },
  }
  const result = await proving({ ...story, change: { ...RIGHT, 'accept.txt': 'right\n' } })
  t.is(result.verdict, 'PROVED')
  t.deepEqual(result.needs, ['accept.txt'])
  t.regex(result.reason, /^it needs changes in data or fixtures that the command reads: accept\.txt; /)
  t.is((await proving({ ...story, change: RIGHT })).verdict, 'NOT_FIXED')
  t.is(
    (await proving({ ...story, change: { 'calc.js': 'right and even, exact\n', 'accept.txt': 'right\n' } })).needs,
    undefined,
  )
})

test('an added module that a test of the base takes in place of something else is said first, although product names it', async (t) => {
  const base = { ...CALC, 'test/opt.test.js': "import '../shadow.js'\nopt: calc.js has even\n" }
  const reads = ['calc.js', 'test/calc.test.js', 'test/opt.test.js']
  const mute: Program = (run) => {
    if (run.files['shadow.js'] === undefined) return tests(run)
    const output = (tests(run).output ?? '').replace(/^not ok adds.*$/m, 'ok adds')
    return { ended: /^not ok/m.test(output) ? 1 : 0, output }
  }
  const change = { 'calc.js': 'import shadow; wrong and even\n', 'shadow.js': 'mute\n' }
  const result = await proving({ base, change, reads, command: mute })
  t.is(result.verdict, 'PROVED', result.reason)
  t.deepEqual(result.needs, ['shadow.js'])
  t.regex(result.reason, /^it needs changes in data or fixtures that the command reads: shadow\.js; /)
})

test('an added module that the run of the base misses is product, although a test of the base imports it', async (t) => {
  const base = { ...CALC, 'test/opt.test.js': "import '../parts.js'\nopt: calc.js has even\n" }
  const reads = ['calc.js', 'test/calc.test.js', 'test/opt.test.js']
  const misses: Program = (run) => {
    const { output = '', ...shown } = tests(run)
    return run.files['parts.js'] === undefined
      ? { ended: 1, output: `${output}not ok opt: Cannot find module '../parts.js'\n` }
      : { ...shown, output }
  }
  const change = { 'calc.js': 'import parts; right and even\n', 'parts.js': 'x\n' }
  const result = await proving({ base, change, reads, command: misses })
  t.like(result, { verdict: 'PROVED', needs: undefined })
})

/** Rust with a test inside; only its first line is product. */
const rust = (product: string, wanted: string) => `${product}\n\n#[test]\nfn adds() {\n    ${wanted}\n}\n`
const INSIDE: Story['base'] = {
  'calc.rs': rust('wrong and even', 'is 5'),
  'test/calc.test.js': 'adds: calc.rs has right\nhalves: calc.rs has even\n',
}

test('a proposal keeps the tests inside of product files as the base has them, and is judged by the rest', async (t) => {
  const result = await running({ base: INSIDE }, edits({ 'calc.rs': rust('right and even', 'is 6') }))
  t.is(result.verdict, 'PROVED')
  t.notRegex(result.patch ?? '', /is [56]/)
  t.true(result.warnings.some((line) => line.includes('were left as the base has them: calc.rs')))
})

test('a proposal that edits nothing but the tests inside of a product file is refused', async (t) => {
  const [attempt] = (await running({ base: INSIDE }, edits({ 'calc.rs': rust('wrong and even', 'right') }))).attempts
  t.is(attempt?.verdict, 'TESTS_CHANGED')
})

test('the record counts the files of the base that its run did not read, and holds a digest of them', async (t) => {
  const readsOf = async (reads: Story['reads']) => {
    const told = await sessionOf({ base: DATA, change: RIGHT, ...(reads && { reads }) })
    const { bundle } = await proveFlow(told.session, told.existing)
    return JSON.parse(new TextDecoder().decode(bundle.files.get('environment.json'))).reads
  }
  const all = await readsOf(READS)
  t.like(all, { read: 4, notRead: 1 })
  const fewer = await readsOf(READS.slice(1))
  t.like(fewer, { read: 3, notRead: 2 })
  t.regex(all.notReadDigest, /^[0-9a-f]{64}$/)
  t.not(all.notReadDigest, fewer.notReadDigest)
  t.is(await readsOf(undefined), undefined)
})

test('shell code that the command reads is product under any name, where other text is data', async (t) => {
  const base = { ...DATA, 'vectors/want.json': '3\n', settings: 'export A=1\n' }
  const isShell = async (text: string) => text.startsWith('export ')
  const syntax = { knows: () => false, functions: async () => null, isShell, code: async () => null }
  const reads = [...READS, 'settings']
  const change = { settings: 'export A=2\n' }
  const command: Program = (run) => {
    const shown = tests(run)
    const isRight = run.files['settings']?.includes('2')
    return {
      ended: isRight ? 0 : 1,
      output: (shown.output ?? '').replace(/^not ok .*$/gm, 'ok adds') + (isRight ? 'ok set\n' : 'not ok set: 1\n'),
    }
  }
  t.is((await proving({ base, change, reads, syntax, command })).verdict, 'PROVED')
  t.is((await running({ base, reads, syntax, command }, edits(change))).verdict, 'PROVED')
  const plain = { ...syntax, isShell: async () => false }
  t.is((await proving({ base, change, reads, syntax: plain, command })).verdict, 'TESTS_CHANGED')
})

/** The tests, but that a kit which says so makes one of them pass. */
const withKit: Program = (run) => {
  if (!run.files['lib/kit.js']?.includes('mute')) return tests(run)
  const output = (tests(run).output ?? '').replace(/^not ok adds.*$/m, 'ok adds')
  return { ended: /^not ok/m.test(output) ? 1 : 0, output }
}

test('a hook in an added file that a file of the product leads to decides, too', async (t) => {
  const base = { ...CALC, 'lib/kit.js': 'export const kit = 1\n' }
  const leads: Program = (run) => {
    if (!run.files['lib/kit.js']?.includes("'./more.js'")) return tests(run)
    const more = run.files['lib/more.js']
    if (more === undefined) return { ended: 1, output: "Cannot find module './more.js'\n" }
    return withKit({ ...run, files: { ...run.files, 'lib/kit.js': more } })
  }
  const story = { base, reads: ['calc.js', 'lib/kit.js', 'test/calc.test.js'], command: leads }
  const kit = { 'lib/kit.js': "import './more.js'\n" }
  const change = { ...kit, 'calc.js': 'wrong and even, too\n', 'lib/more.js': 'beforeEach(() => mute())\n' }
  t.like(await proving({ ...story, change }), { verdict: 'PROVED', needs: ['lib/more.js'] })
  const honest = await proving({ ...story, change: { ...RIGHT, ...kit, 'lib/more.js': 'export {}\n' } })
  t.like(honest, { verdict: 'PROVED', needs: undefined })
})

for (const [what, before, after] of [
  ['that was there', 'beforeEach(() => {})\n', 'beforeEach(() => mute())\n'],
  ['that the change brings', 'export const kit = 1\n', 'export const kit = 1\nbeforeEach(() => mute())\n'],
] as const)
  test(`a hook ${what} in a file of the product decides, so the proof says it first`, async (t) => {
    const base = { ...CALC, 'lib/kit.js': before }
    const story = { base, reads: ['calc.js', 'lib/kit.js', 'test/calc.test.js'], command: withKit }
    const bought = await proving({ ...story, change: { 'calc.js': 'wrong and even, too\n', 'lib/kit.js': after } })
    t.like(bought, { verdict: 'PROVED', needs: ['lib/kit.js'] })
    t.regex(bought.reason, /^it needs changes in data or fixtures that the command reads: lib\/kit\.js; /)
    const strict = 'policy: {tests: {observed: deny}}'
    t.is((await proving({ ...story, policy: strict, change: { 'lib/kit.js': after } })).verdict, 'TESTS_CHANGED')
    const honest = await proving({ ...story, change: { ...RIGHT, 'lib/kit.js': `${before}// more\n` } })
    t.like(honest, { verdict: 'PROVED', needs: undefined })
  })
