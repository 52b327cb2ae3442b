/** Starts tracing after the sitecustomize that it hides, and waits for unittest in order to wrap its tests. */
export const PP_START = `import os
import types
import pp_imports
import pp_reads
import pp_trace


def wrap_unittest(case):
    plain = case.TestCase.run

    def failures(result):
        kinds = ("failures", "errors", "unexpectedSuccesses")
        return sum(len(getattr(result, kind, ())) for kind in kinds)

    def run(self, result=None):
        pp_trace.begin(self.id())
        before = failures(result)
        outcome = "failed"
        try:
            answer = plain(self, result)
            outcome = "failed" if failures(result or answer) > before else "passed"
            return answer
        finally:
            pp_trace.end(outcome)

    case.TestCase.run = run
    # What runs only because a failing assertion shows its values decides nothing.
    for name in ("safe_repr", "_common_shorten_repr"):
        if hasattr(case, name):
            setattr(case, name, pp_trace.untraced(getattr(case, name)))
    if hasattr(case, "pprint"):
        case.pprint = types.SimpleNamespace(pformat=pp_trace.untraced(case.pprint.pformat))


def start():
    pp_imports.run_shadowed()
    if not pp_trace.ready():
        return
    # A child of a test works for that test.
    pp_trace.resume(os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0])
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=pp_trace.forked)
    if pp_trace.AFTER:
        import faulthandler

        handle = open(os.path.join(pp_trace.OUT, "py-%d.stack" % os.getpid()), "w")
        pp_trace.kept.append(handle)
        faulthandler.dump_traceback_later(float(pp_trace.AFTER), file=handle)
    pp_imports.when_imported("unittest.case", wrap_unittest)
    pp_reads.watch()
    pp_trace.trace()
`

/** Tells the tracer where each test of pytest begins and ends; with xdist, in each worker. */
export const PP_PYTEST = `import pytest
import pp_trace

failed = set()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    # A file that cannot be imported fails like a test.
    pp_trace.begin(collector.nodeid)
    outcome = yield
    pp_trace.end("failed" if outcome.get_result().failed else "loaded")


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    pp_trace.begin(item.nodeid)
    yield
    pp_trace.end("failed" if item.nodeid in failed else "passed")
    failed.discard(item.nodeid)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item):
    pp_trace.pause()
    outcome = yield
    pp_trace.go_on()
    if outcome.get_result().failed:
        failed.add(item.nodeid)


# What runs only because a failing assertion shows its values decides nothing.
try:
    from _pytest.assertion import rewrite

    for name in ("_saferepr", "_call_reprcompare", "_format_assertmsg"):
        if hasattr(rewrite, name):
            setattr(rewrite, name, pp_trace.untraced(getattr(rewrite, name)))
except ImportError:
    pass
`
