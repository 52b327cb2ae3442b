/**
 * Appends executed lines to two files of the process: py-PID.tests (finished tests, one on each line) and py-PID.live (first
 * hits since the last test ended, one on each line, so that they are kept if the run hangs). Up to Python 3.11 it uses
 * sys.settrace, and stops tracing a function after all of its lines have run; from 3.12 on it uses sys.monitoring (PEP 669).
 */
export const PP_TRACE = String.raw`import os, sys, threading

from pp_calls import by_runner

ROOT = os.environ.get("PP_ROOT", "").rstrip("/") + "/"
OUT = os.environ.get("PP_REPORTS", "")
AFTER = os.environ.get("PP_TRACE_AFTER", "")
CALLS_ONLY = os.environ.get("PP_CALLS_ONLY", "")
FOREIGN = {"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox", ".nox", "__pycache__"}
MOST = 8 * 1024 * 1024
OPTIMIZED = 1  # set in functions, not in modules and class bodies
SKIP = ()

codes = {}  # id of code -> [code, file, its lines, lines to come, generation] or SKIP
files = {}  # co_filename -> number or None
hits = {}  # number of file -> lines of the test under way
test = None
depth = 0
paused = 0
generation = 0
written = 0
handles = {}
start_dir = os.getcwd()
tool = None


def out(kind, text, reset=False):
    try:
        handle = handles.get(kind)
        if handle is None:
            name = os.path.join(OUT, "py-%d.%s" % (os.getpid(), kind))
            handle = handles[kind] = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        if reset:
            os.ftruncate(handle, 0)
        if text:
            os.write(handle, text.encode("utf-8", "replace"))
    except OSError:
        stop()


def number(name):
    if name in files:
        return files[name]
    path = name if os.path.isabs(name) else os.path.normpath(os.path.join(start_dir, name))
    if not path.startswith(ROOT):
        path = os.path.realpath(path)
    relative = path[len(ROOT):] if path.startswith(ROOT) else ""
    ours = relative and not name.startswith("<") and not path.startswith(OUT + "/") and "\n" not in relative
    if not ours or FOREIGN.intersection(relative.split("/")):
        files[name] = None
    else:
        files[name] = len(files)
        out("tests", "F %d %s\n" % (files[name], relative))
    return files[name]


def lines_of(code):
    return all_lines(code) - {code.co_firstlineno} or {code.co_firstlineno}


def all_lines(code):
    if hasattr(code, "co_lines"):
        return {line for _, _, line in code.co_lines() if line}
    import dis

    return {line for _, line in dis.findlinestarts(code)}


def runnable(code):
    """All lines of a file that can run; code is that of the module."""
    found = set(lines_of(code) if code.co_flags & OPTIMIZED else all_lines(code))
    for inner in code.co_consts:
        if hasattr(inner, "co_consts"):
            found |= runnable(inner)
    return found


def loading(frame):
    """Whether a module further out is being imported."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def state_of(code):
    state = codes.get(id(code))
    if state is None:
        file = number(code.co_filename)
        if file is None:
            state = SKIP
        elif code.co_flags & OPTIMIZED:
            lines = lines_of(code)
            if by_runner(code):
                out("tests", "C %d\n" % file)
            state = [code, file, lines, set(lines), generation]
        else:
            if code.co_name == "<module>":
                out("tests", "M %d\n" % file)
                if CALLS_ONLY:
                    out("tests", "E %d:%s\n" % (file, ranges(runnable(code))))
            state = SKIP
        codes[id(code)] = state
        kept.append(code)
    elif state and state[4] != generation:
        state[3], state[4] = set(state[2]), generation
    return state


kept = []  # an id is used again once its code is gone


def hit(file, line):
    hits.setdefault(file, set()).add(line)
    out("live", "%d %d\n" % (file, line))


def on_call(frame, event, arg):
    state = state_of(frame.f_code)
    return on_line if state and state[3] else None


def on_line(frame, event, arg):
    if event == "line":
        state = state_of(frame.f_code)
        line = frame.f_lineno
        if state and line in state[3] and not (CALLS_ONLY and loading(frame)):
            state[3].discard(line)
            hit(state[1], line)
            if not state[3]:
                return None
    return on_line


def on_monitored_line(code, line):
    state = state_of(code)
    if state:
        if CALLS_ONLY and loading(sys._getframe(1)):
            return None
        hit(state[1], line)
    return sys.monitoring.DISABLE


def trace():
    global tool
    if not hasattr(sys, "monitoring"):
        # A debugger or a coverage tool may have taken its place since.
        threading.settrace(on_call)
        sys.settrace(on_call)
        return
    monitoring = sys.monitoring
    if tool is None:
        tool = next((one for one in (4, 3, 5, 2, 1, 0) if monitoring.get_tool(one) is None), None)
        if tool is None:
            return
        monitoring.use_tool_id(tool, "pp")
        monitoring.register_callback(tool, monitoring.events.LINE, on_monitored_line)
    monitoring.set_events(tool, monitoring.events.LINE)
    monitoring.restart_events()


def stop():
    if hasattr(sys, "monitoring"):
        if tool is not None:
            sys.monitoring.set_events(tool, 0)
    else:
        threading.settrace(None)
        sys.settrace(None)


def pause():
    global paused
    paused += 1
    if paused == 1:
        stop()


def go_on():
    global paused
    paused -= 1
    if paused == 0 and test is not None:
        trace()


def untraced(plain):
    def call(*args, **kwargs):
        pause()
        try:
            return plain(*args, **kwargs)
        finally:
            go_on()

    return call


def begin(name):
    global test, depth, generation
    depth += 1
    if depth > 1:
        return
    if test is None and hits:
        finish("loaded", "")
    test = name.replace("\n", " ").replace("\t", " ")
    generation += 1
    hits.clear()
    out("live", "T %s\n" % test, reset=True)
    trace()


def end(outcome):
    global test, depth
    depth -= 1
    if depth > 0:
        return
    finish(outcome, test)
    test = None
    hits.clear()
    out("live", "", reset=True)


def finish(outcome, name):
    global written
    ran = " ".join("%d:%s" % (file, ranges(lines)) for file, lines in sorted(hits.items()))
    line = "T %s %s\t%s\n" % (outcome, name, ran)
    if outcome == "failed" or written < MOST:
        written += len(line)
        out("tests", line)


def ranges(lines):
    spans = []
    for line in sorted(lines):
        if spans and spans[-1][1] == line - 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ",".join("%d" % a if a == b else "%d-%d" % (a, b) for a, b in spans)


def ready():
    return ROOT != "/" and os.path.isdir(OUT)


def resume(name):
    """What runs from here on belongs to a test of the parent; '' = to none."""
    global test
    test = name.replace("\n", " ") or None
    out("live", "T %s\n" % test if test else "")


def forked():
    handles.clear()
    for name, file in files.items():
        if file is not None:
            path = os.path.join(start_dir, name)
            out("tests", "F %d %s\n" % (file, (path if path.startswith(ROOT) else os.path.realpath(path))[len(ROOT):]))
    resume(test or "")
`
