/**
 * Takes the place of a main script of the project that fails without a runner: `python3 check.py`, `python3 -m checks`. Each fork runs
 * the whole script, and loads the modules of the project anew; what else it imports is loaded before the forks are made.
 */
export const PP_SCRIPT = `import atexit
import importlib
import importlib.util
import os
import sys
import threading
import traceback
import types

import pp_swap

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.realpath(os.environ.get("PP_ROOT", "/")).rstrip("/") + "/"
WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")
RUNNERS = ("unittest.runner", "_pytest.main")


def begin():
    """Tries the candidates if this process runs a script of the project that fails; else it goes on as it would otherwise."""
    import pp_validate

    words = main_words()
    suite = ScriptSuite(words) if words else None
    if suite is not None and pp_validate.serve(suite):
        sys.stdout.flush()
        os._exit(1)


def main_words():
    """The path of the main script and its arguments, the name of a module after -m; None: it is none of the project."""
    words = list(getattr(sys, "orig_argv", None) or from_proc())[1:]
    while words and words[0].startswith("-") and words[0] not in ("-m", "-c", "-"):
        del words[:2 if words[0] in WITH_VALUE else 1]
    if not words or words[0] in ("-c", "-"):
        return None
    if words[0] == "-m":
        return words if len(words) > 1 and own_module(words[1]) else None
    path = os.path.realpath(words[0])
    return words if path.startswith(ROOT) and "/site-packages/" not in path and os.path.isfile(path) else None


def from_proc():
    try:
        with open("/proc/self/cmdline", "rb") as handle:
            return [os.fsdecode(word) for word in handle.read().split(b"\\0")[:-1]]
    except OSError:
        return [""]


def own_module(name):
    """The file of a module of the project that -m runs, or None."""
    base = os.path.join(os.getcwd(), *name.split("."))
    for path in (base + ".py", os.path.join(base, "__main__.py")):
        if os.path.isfile(path) and os.path.realpath(path).startswith(ROOT):
            return os.path.realpath(path)
    return None


class ScriptSource:
    """A file of the product that each fork loads anew, as the candidate has it."""

    def __init__(self, path, suite):
        self.path, self.suite = os.path.realpath(path), suite
        with open(path, "rb") as handle:
            self.bytes = handle.read()
        self.names, self.loaded = {}, None

    is_mine = pp_swap.Source.is_mine
    edited = pp_swap.Source.edited

    def swap(self, edited, code):
        pp_swap.serve(self.path, edited)
        if self.path == self.suite.main:
            self.suite.code = code

    @property
    def modules(self):
        """The module, to call its functions; a main script only runs."""
        if self.loaded is None and self.path != self.suite.main:
            self.suite.prepare()
            spec = importlib.util.spec_from_file_location("pp_module_of_candidate", self.path)
            self.loaded = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(self.loaded)
        return [self.loaded] if self.loaded is not None else []


class ScriptSuite:
    kind, ids, stops = "a script", ["script"], True
    output = os.path.join(HERE, "pp-output")

    def __init__(self, words):
        self.words, self.code = words, None
        self.is_module = words[0] == "-m"
        self.main = own_module(words[1]) if self.is_module else os.path.realpath(words[0])
        self.known = set(sys.modules)

    def source(self, path):
        return ScriptSource(path, self)

    def prepare(self):
        """What the interpreter does before it runs the script."""
        import pp_validate

        if "PP_VALIDATE" in os.environ:
            pp_validate.take()
        sys.argv = [self.main] + self.words[2:] if self.is_module else self.words[:]
        sys.path.insert(0, os.getcwd() if self.is_module else os.path.dirname(self.main))

    def run(self, tests, tell, stop):
        tell("start 0")
        self.prepare()
        status = self.execute()
        if any(name in sys.modules for name in RUNNERS):
            tell("started a test runner")
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) or ""
            if name not in self.known and not os.path.realpath(file).startswith(ROOT) and name != "__main__":
                tell("loaded " + name)
        tell("pass" if status == 0 else "fail")

    def execute(self):
        module = types.ModuleType("__main__")
        module.__file__ = self.main
        if self.is_module:
            package = self.words[1] if self.main.endswith("__main__.py") else self.words[1].rpartition(".")[0]
            module.__package__ = package
        try:
            code = self.code
            if code is None:
                with open(self.main, "rb") as handle:
                    code = compile(handle.read(), self.main, "exec", dont_inherit=True)
            if self.is_module and module.__package__:
                importlib.import_module(module.__package__)
            sys.modules["__main__"] = module
            exec(code, module.__dict__)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            if isinstance(end.code, str):
                sys.stderr.write(end.code + "\\n")
        except BaseException:
            traceback.print_exc()
            status = 1
        try:
            threading._shutdown()
            atexit._run_exitfuncs()
        except BaseException:
            status = status or 1
        sys.stdout.flush()
        return status

    def preload(self, names):
        """Loads what is no part of the project, so that forks share it."""
        for name in names:
            try:
                importlib.import_module(name)
            except BaseException:
                pass
        self.known = set(sys.modules)
`
