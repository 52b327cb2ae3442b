/** Takes over from pytest when its tests are collected, before the first one runs. */
export const PP_PYTEST_VALIDATE = `import os

import pytest

import pp_validate


class PytestSuite:
    kind = "pytest"

    def __init__(self, session):
        self.items = session.items
        self.ids = [item.nodeid for item in session.items]
        self.config = session.config
        # The command itself stops at the first failing test.
        self.stops = bool(session.config.getvalue("maxfail"))

    def run(self, tests, tell, stop):
        quiet(self.config)
        seen = Seen()
        self.config.pluginmanager.register(seen)
        for at, test in enumerate(tests):
            item = self.items[test]
            following = self.items[tests[at + 1]] if at + 1 < len(tests) else None
            seen.failed = False
            item.repr_failure = item._repr_failure_py = lambda *_, **__: "failed"
            tell("start %d" % test)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            tell("fail" if seen.failed else "pass")
            if seen.failed and stop:
                return


class Seen:
    failed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        # Those of unittest do not raise; their reports tell it all the same.
        if report.failed:
            self.failed = True


def quiet(config):
    """What is captured and how a failure is explained decides nothing, and takes time."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if hasattr(capture, "_method"):
        capture.stop_global_capturing()
        capture._method = "no"
        capture.start_global_capturing()
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is not None:
        terminal._tw._file = open(os.devnull, "w")
    try:
        from _pytest.assertion import util

        util.assertrepr_compare = lambda **_: None
    except ImportError:
        pass


def obstacle(session):
    if session.testsfailed:
        return "a test file cannot be loaded"
    option = session.config.option
    if getattr(option, "dist", "no") != "no" or getattr(option, "numprocesses", None):
        return "the tests run in several processes (pytest-xdist)"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    if session.config.option.collectonly or not pp_validate.wanted():
        return None
    reason = obstacle(session)
    if reason is not None:
        pp_validate.refuse(reason)
        return None
    pp_validate.take()
    return True if pp_validate.serve(PytestSuite(session)) else None
`

/** Takes over from the text runner of unittest when it is about to run a suite. */
export const PP_UNITTEST_VALIDATE = `import unittest

import pp_validate


def flat(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            for test in flat(one):
                yield test
        else:
            yield one


class UnittestSuite:
    kind = "unittest"

    def __init__(self, suite, stops):
        self.stops = stops
        self.cases = list(flat(suite))
        self.ids = [case.id() for case in self.cases]

    def run(self, tests, tell, stop):
        result = Result({id(self.cases[test]): test for test in tests}, tell, stop)
        unittest.TestSuite([self.cases[test] for test in tests]).run(result)
        result.finish()


class Result(unittest.TestResult):
    def __init__(self, tests, tell, stop):
        super().__init__()
        self.tests, self.tell, self.failfast = tests, tell, stop
        self.open = None

    def bad(self):
        return len(self.failures) + len(self.errors) + len(self.unexpectedSuccesses)

    def startTest(self, test):
        super().startTest(test)
        self.open, self.before = self.tests.get(id(test)), self.bad()
        if self.open is not None:
            self.tell("start %d" % self.open)

    def stopTest(self, test):
        super().stopTest(test)
        if self.open is not None:
            self.tell("fail" if self.bad() > self.before else "pass")
        self.open = None

    def finish(self):
        """A set-up or tear-down of a class or a module that failed belongs to no test."""
        if any(type(test).__name__ == "_ErrorHolder" for test, _ in self.failures + self.errors):
            self.tell("outside")


def obstacle(cases):
    if any(type(case).__name__ == "_FailedTest" for case in cases):
        return "a test file cannot be loaded"
    return None


def wrap(runner):
    plain = runner.TextTestRunner.run

    def run(self, test):
        if not pp_validate.wanted():
            return plain(self, test)
        suite = UnittestSuite(test, self.failfast)
        reason = obstacle(suite.cases)
        if reason is not None:
            pp_validate.refuse(reason)
        else:
            pp_validate.take()
            if pp_validate.serve(suite):
                raise SystemExit(1)
        return plain(self, test)

    runner.TextTestRunner.run = run
`
