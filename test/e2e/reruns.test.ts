import test from 'ava'
import { CALC } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const BUGGY = String(CALC['calc.py'])
const TESTS = String(CALC['test_calc.py'])
const MENDED = BUGGY.replace('a - b', 'a + b')
/** Right in every second call. */
const HALF = BUGGY.replace('def add', 'calls = []\n\n\ndef add').replace(
  'return a - b',
  'calls.append(1)\n    return a + b if len(calls) % 2 == 0 else a - b',
)

/** What plugins that run failed tests again do: three more goes, each told as RERUN. */
const RERUNS = `from _pytest.runner import runtestprotocol


def pytest_runtest_protocol(item, nextitem):
    for go in range(4):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        again = go < 3 and any(report.failed for report in reports)
        for report in reports:
            if again and report.failed:
                report.outcome = "rerun"
            item.ihook.pytest_runtest_logreport(report=report)
        if not again:
            return True


def pytest_report_teststatus(report):
    if report.outcome == "rerun":
        return "rerun", "R", ("RERUN", {"yellow": True})


def pytest_terminal_summary(terminalreporter):
    if "R" in terminalreporter.config.option.reportchars:
        for report in terminalreporter.stats.get("rerun", []):
            terminalreporter.write_line("RERUN " + report.nodeid)
`

for (const [how, command] of [
  ['named as they run', 'python3 -m pytest -v'],
  ['only counted', 'python3 -m pytest -q'],
] as const)
  test(`a change that passes only after the runner ran its test again is flaky, ${how}`, async (t) => {
    const repo = await tempRepo(t, { ...CALC, 'conftest.py': RERUNS })
    await repo.commit('Mend half of add', { 'calc.py': HALF })
    const { json, status } = await pp(repo, ['prove', '--json', '--runs', '1', 'HEAD', command])
    t.is(json.verdict, 'FLAKY', json.reason)
    t.is(status, 6)
    t.regex(String(json.reason), /test_calc\.py::test_add passed only after its runner had run it again \(once\)/)
  })

test('another test that the runner ran again is told among what is not shown', async (t) => {
  const unsteady = `${TESTS}\n\ngoes = []\n\n\ndef test_unsteady():\n    goes.append(1)\n    assert len(goes) > 2\n`
  const repo = await tempRepo(t, { ...CALC, 'conftest.py': RERUNS, 'test_calc.py': unsteady })
  await repo.commit('Mend add', { 'calc.py': MENDED })
  const { json } = await pp(repo, ['prove', '--json', '--runs', '1', 'HEAD', 'python3 -m pytest -q'])
  t.is(json.verdict, 'PROVED', json.reason)
  t.true(
    (json['notShown'] as string[]).includes(
      'tests that the runner itself ran again until they passed: test_calc.py::test_unsteady (2 times)',
    ),
    String(json['notShown']),
  )
})
