import { CALC, PYTEST } from '../helpers/calc.ts'
import { needing } from '../helpers/needs.ts'
import { pp } from '../helpers/pp.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(2)

const BUGGY = String(CALC['calc.py'])
const MENDED = BUGGY.replace('a - b', 'a + b')
const TESTS = String(CALC['test_calc.py'])

const prove = (repo: TestRepo, ...args: string[]) => pp(repo, ['prove', ...args, '--json'])

test('a commit that mends a red test is proved as it stands', async (t) => {
  const repo = await tempRepo(t, CALC)
  const commit = await repo.commit('Mend add', { 'calc.py': MENDED })
  const before = await repo.snapshotState()
  const { status, json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(status, 0)
  t.is(json['final'], commit)
  t.is(json['judges'], 'base')
  t.deepEqual(await repo.snapshotState(), before)
  await fsckClean(repo)
})

test('--base says where the change starts: at an older commit, and uncommitted work does not count', async (t) => {
  const repo = await tempRepo(t, CALC)
  const base = await repo.git('rev-parse', 'HEAD')
  await repo.commit('Half of it', { 'calc.py': `${BUGGY}\n# add is to add\n` })
  const head = await repo.commit('Mend add', { 'calc.py': MENDED })
  await repo.write('calc.py', 'broken(')
  const { json } = await prove(repo, '--runs', '1', '--base', base, PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['base'], base)
  t.is(await repo.git('rev-parse', `${json['final']}^{tree}`), await repo.git('rev-parse', `${head}^{tree}`))
  const twice = await prove(repo, '--base', base, `${base}..HEAD`, PYTEST)
  t.is(twice.status, 2)
  t.regex(twice.json.reason ?? '', /leave out --base/)
})

test('a commit that brings its own test is red on the base with that test', async (t) => {
  const repo = await tempRepo(t, { 'calc.py': BUGGY })
  await repo.commit('Mend add, with a test', { 'calc.py': MENDED, 'test_calc.py': TESTS })
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['judges'], 'change')
  t.deepEqual(json['judgesChanged'], ['test_calc.py'])
})

const GO_TESTS = `package calc

import "testing"

func TestAdd(t *testing.T) {
	if Add(2, 3) != 5 {
		t.Fatal("no sum")
	}
}

func TestLater(t *testing.T) {
	if Later {
		t.Skip()
	}
}
`

const withGo = needing('go')
withGo('a test of go that the change skips is found, although go test alone names no test that passes', async (t) => {
  const product = (sum: string, later: boolean) =>
    `package calc\n\nvar Later = ${later}\n\nfunc Add(a, b int) int { return ${sum} }\n`
  const files = { 'go.mod': 'module calc\n\ngo 1.19\n', 'calc.go': product('a - b', false), 'calc_test.go': GO_TESTS }
  const repo = await tempRepo(t, files)
  await repo.commit('Mend Add, and skip', { 'calc.go': product('a + b', true) })
  const { json } = await prove(repo, '--runs', '1', 'HEAD', 'go test ./...')
  t.is(json.verdict, 'RIGGED', json.reason)
  t.regex(String(json.reason), /test became skipped: calc\.TestLater/)
})

const GO_TEST = (body: string) => `package calc\n\nimport "testing"\n\nfunc TestIt(t *testing.T) { ${body} }\n`
const goProject = (product: string) => ({
  ...{ 'go.mod': 'module calc\n\ngo 1.19\n', 'calc.go': product },
  'calc_test.go': GO_TEST('if Add(2, 3) != 5 { t.Fatal(Add(2, 3)) }'),
})

withGo('what a change writes into the build cache of Go reaches no other run', async (t) => {
  const poison = `
import (
	"os"
	"path/filepath"
)

func init() {
	filepath.Walk(os.Getenv("HOME")+"/.cache/go-build", func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			os.Chmod(path, 0600)
			os.WriteFile(path, []byte("poison"), 0600)
		}
		return nil
	})
}
`
  const product = (sum: string, more: string) => `package calc\n${more}\nfunc Add(a, b int) int { return ${sum} }\n`
  const repo = await tempRepo(t, goProject(product('a - b', '')))
  await repo.commit('Mend Add', { 'calc.go': product('a + b', poison) })
  const { json } = await prove(repo, '--runs', '2', 'HEAD', 'go test ./...')
  t.is(json.verdict, 'PROVED', json.reason)
})

/** Runs all tests, and ends with status 5 if a result of an earlier run was taken for one of them. */
const GO_AFRESH =
  'go test ./... >out.txt 2>&1; s=$?; cat out.txt; if grep -q "(cached)" out.txt; then exit 5; fi; exit $s'

withGo('each run of Go runs all tests, although what was compiled before is used again', async (t) => {
  const product = (sum: string) => `package calc\n\nfunc Add(a, b int) int { return ${sum} }\n`
  const other = { 'other/other.go': 'package calc\n', 'other/other_test.go': GO_TEST('') }
  const repo = await tempRepo(t, { ...goProject(product('a - b')), ...other })
  await repo.commit('Mend Add', { 'calc.go': product('a + b') })
  const { json } = await prove(repo, '--runs', '2', 'HEAD', GO_AFRESH)
  t.is(json.verdict, 'PROVED', json.reason)
})

test('a commit that adds a module and its test is proved: the missing module is the red', async (t) => {
  const repo = await tempRepo(t, { 'README.md': 'x\n' })
  await repo.commit('Add calc', { 'calc.py': MENDED, 'test_calc.py': TESTS })
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
})

test('an added test beside the old ones of the same file is judged by the old ones too', async (t) => {
  const repo = await tempRepo(t, { 'calc.py': BUGGY, 'test_calc.py': TESTS.replace(/def test_add[\s\S]*?\n\n\n/, '') })
  await repo.commit('Mend add, with a test', { 'calc.py': MENDED, 'test_calc.py': TESTS })
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
})

test('a test that is weakened is TESTS_CHANGED', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.commit('Weaken', { 'test_calc.py': TESTS.replace('add(2, 3) == 5', 'add(2, 3) == -1') })
  const { status, json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'TESTS_CHANGED', json.reason)
  t.is(status, 1)
})

test('a deleted failing test is no proof', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.commit('Drop it', {
    'calc.py': `${BUGGY}# touched\n`,
    'test_calc.py': TESTS.replace(/def test_add[\s\S]*?\n\n\n/, ''),
  })
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.not(json.verdict, 'PROVED')
  t.true(['TESTS_CHANGED', 'RIGGED', 'NOT_RED'].includes(String(json.verdict)))
})

test('a product change that makes a test skip itself is RIGGED', async (t) => {
  const repo = await tempRepo(t, {
    'calc.py': BUGGY,
    'test_calc.py':
      'import calc\nimport pytest\n\n\ndef test_add():\n    if hasattr(calc, "OFF"):\n        pytest.skip("off")\n    assert calc.add(2, 3) == 5\n\n\ndef test_double():\n    assert calc.double(4) == 8\n',
  })
  await repo.commit('Switch it off', { 'calc.py': `${BUGGY}OFF = True\n` })
  const { status, json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'RIGGED', json.reason)
  t.is(status, 1)
})

test('a product change that leaves the process with status 0 on import is RIGGED', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.commit('Leave early', { 'calc.py': `import os\nos._exit(0)\n${BUGGY}` })
  t.is((await prove(repo, 'HEAD', PYTEST)).json.verdict, 'RIGGED')
})

test('a product change that makes every test pass whatever it says is RIGGED', async (t) => {
  const patched = `import _pytest.python\n_pytest.python.Function.runtest = lambda self: None\n${BUGGY}`
  const repo = await tempRepo(t, CALC)
  await repo.commit('Patch the runner', { 'calc.py': patched })
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'RIGGED', json.reason)
  t.regex(String(json.reason), /added a test that must fail/)
})

test('a change where nothing failed is NOT_RED', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'calc.py': MENDED })
  await repo.commit('Style', { 'calc.py': `${MENDED}# style\n` })
  t.is((await prove(repo, 'HEAD', PYTEST)).json.verdict, 'NOT_RED')
})

test('the uncommitted work is proved when no change is named', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.write('calc.py', MENDED)
  const before = await repo.snapshotState()
  const { json } = await prove(repo, PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(await repo.git('rev-parse', `${json['final']}^`), await repo.git('rev-parse', 'HEAD'))
  t.deepEqual(await repo.snapshotState(), before)
})

test('a range is one change from the merge base, or with --each every commit', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.git('tag', 'start')
  await repo.commit('Style', { 'calc.py': `# style\n${BUGGY}` })
  await repo.commit('Mend', { 'calc.py': `# style\n${MENDED}` })
  const whole = await prove(repo, 'start..HEAD', PYTEST)
  t.is(whole.json.verdict, 'PROVED', whole.json.reason)
  const each = await prove(repo, 'start..HEAD', PYTEST, '--each')
  t.is(each.status, 1)
  const results = each.json['results'] as { verdict: string }[]
  t.deepEqual(
    results.map(({ verdict }) => verdict),
    ['NOT_FIXED', 'PROVED'],
  )
})

test('of several commits each result names its own, and the quiet line is the one that decides', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.git('tag', 'start')
  const mend = (await repo.commit('Mend', { 'calc.py': MENDED })).slice(0, 12)
  const style = (await repo.commit('Style', { 'calc.py': `# style\n${MENDED}` })).slice(0, 12)
  const all = ['prove', '--each', 'start..HEAD', PYTEST, '--runs', '1']
  const { stdout } = await pp(repo, all)
  t.regex(stdout, new RegExp(`^PROVED of ${mend} Mend: red in all`))
  t.regex(stdout, new RegExp(`^NOT_RED of ${style} Style: `, 'm'))
  const quiet = await pp(repo, [...all, '--quiet'])
  t.is(quiet.status, 1)
  t.regex(quiet.stdout, new RegExp(`^NOT_RED of ${style} Style: .*\n$`))
})

test('a word that is neither a revision nor a program says so, and which branch may be meant', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.git('branch', 'mend-add')
  const { status, stdout } = await pp(repo, ['prove', 'mend-ad'])
  t.is(status, 6)
  t.regex(
    stdout,
    /^warning: +mend-ad is neither a revision of this repository nor a program; did you mean mend-add\?$/m,
  )
})

test('a patch file is proved against the base', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.write('calc.py', MENDED)
  const patch = await repo.git('diff')
  await repo.git('checkout', '-q', '--', '.')
  await repo.write('../fix.patch', `${patch}\n`)
  const { json } = await prove(repo, PYTEST, '--patch', '../fix.patch')
  t.is(json.verdict, 'PROVED', json.reason)
})

test('a root commit is proved against the empty tree, a merge against its first parent', async (t) => {
  const repo = await tempRepo(t, { 'calc.py': MENDED, 'test_calc.py': TESTS })
  t.is((await prove(repo, 'HEAD', PYTEST)).json.verdict, 'PROVED')
  await repo.git('checkout', '-q', '-b', 'side')
  await repo.commit('Break', { 'calc.py': BUGGY })
  await repo.git('checkout', '-q', '-b', 'fix')
  await repo.commit('Mend', { 'calc.py': MENDED })
  await repo.git('checkout', '-q', 'side')
  await repo.git('merge', '-q', '--no-ff', '-m', 'Merge', 'fix')
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'PROVED', json.reason)
  t.is(json['base'], await repo.git('rev-parse', 'HEAD^1'))
})

test('a separate command has to pass on the final tree', async (t) => {
  const repo = await tempRepo(t, {
    ...CALC,
    'pp.yaml': 'policy:\n  verify: {also: [{name: lint, cmd: "! grep -q TODO calc.py"}]}\n',
  })
  await repo.commit('Mend, untidily', { 'calc.py': `${MENDED}# TODO\n` })
  const { json } = await prove(repo, 'HEAD', PYTEST)
  t.is(json.verdict, 'NOT_FIXED')
  t.regex(String(json.reason), /lint/)
})

test('--runs 0 is PASSED_ONCE, not PROVED', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.commit('Mend', { 'calc.py': MENDED })
  const { status, json } = await prove(repo, 'HEAD', PYTEST, '--runs', '0')
  t.is(json.verdict, 'PASSED_ONCE', json.reason)
  t.is(status, 0)
  t.deepEqual(json['counts'], { reds: 1, greens: 1 })
})

test('an installed copy of the package is tested at its path: the patched code is what runs', async (t) => {
  const repo = await tempRepo(t, {
    'src/pkg.py': BUGGY,
    'test_pkg.py': TESTS.replace('from calc', 'from pkg'),
    '.gitignore': '.venv/\n',
  })
  const site = '.venv/lib/site'
  await repo.write(`${site}/pkg.pth`, `${repo.dir}/src\n`)
  await repo.write(
    `${site}/run.py`,
    `import site, sys\nsite.addsitedir("${repo.dir}/${site}")\nimport pytest\nsys.exit(pytest.main(["-q", "-p", "no:cacheprovider"]))\n`,
  )
  await repo.commit('Mend', { 'src/pkg.py': MENDED })
  const { json } = await prove(repo, 'HEAD', `python3 ${site}/run.py`)
  t.is(json.verdict, 'PROVED', json.reason)
})
