/** Tells which functions pytest and unittest call themselves, apart from tests: fixtures and hooks. */
export const PP_CALLS = `import sys

CALLERS = {
    ("pluggy", "_callers.py", "_multicall"),
    ("pluggy", "callers.py", "_multicall"),
    ("_pytest", "fixtures.py", "call_fixture_func"),
    ("_pytest", "python.py", "_call_with_optional_argument"),
    ("unittest", "case.py", "_callSetUp"),
    ("unittest", "case.py", "_callTearDown"),
    ("unittest", "suite.py", "_handleClassSetUp"),
    ("unittest", "suite.py", "_handleModuleFixture"),
}


def by_runner(code):
    """Whether the function that has just been called is called by a runner."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    caller = frame.f_back.f_code if frame is not None and frame.f_back is not None else None
    if caller is None:
        return False
    return tuple(caller.co_filename.replace("\\\\", "/").split("/")[-2:]) + (caller.co_name,) in CALLERS
`

/**
 * Tells which file's code opens which file to read it, from CPython 3.8 on: https://docs.python.org/3/library/audit_events.html.
 * What a library opens counts for the code of the project that called the library. Files that are opened without Python (by
 * an extension, or by another program) are not seen.
 */
export const PP_READS = `import os, sys
import pp_trace

MOST = 20000
CODE = (".py", ".pyc", ".so")
seen = set()


def on_event(event, args):
    if event != "open" or len(seen) >= MOST:
        return
    path, _, flags = args
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR) == os.O_WRONLY
    if not isinstance(path, str) or writes or path.endswith(CODE):
        return
    path = os.path.abspath(path)
    if not path.startswith(pp_trace.ROOT) or path.startswith(pp_trace.OUT + "/") or "\\n" in path:
        return
    frame = sys._getframe(1)
    while frame is not None:
        reader = pp_trace.number(frame.f_code.co_filename)
        if reader is not None:
            break
        frame = frame.f_back
    if frame is None or (reader, path) in seen:
        return
    seen.add((reader, path))
    pp_trace.out("tests", "R %d %s\\n" % (reader, path[len(pp_trace.ROOT):]))


def watch():
    if hasattr(sys, "addaudithook"):
        sys.addaudithook(on_event)
`
