/** What Python loads by itself when it starts; old interpreters must be able to parse it. */
export function siteCustomize(starting: string): string {
  return `import sys
if sys.version_info >= (3, 6):
    import ${starting}
    ${starting}.start()
`
}

/** The newest version of Python 3 whose directory is laid out; a newer one finds only what PYTHONPATH names. */
const NEWEST = 20

/**
 * The same for a command that sets PYTHONPATH itself: Python then finds what the directory of the user brings, which
 * PYTHONUSERBASE names. A virtual environment has none. Path in the report directory → text.
 */
export function userCustomize(starting: string): Readonly<Record<string, string>> {
  const text = `import os
import site
import sys

base = os.environ.get("PP_OWN_PYTHONUSERBASE") or os.path.expanduser(os.path.join("~", ".local"))
site.addsitedir(os.path.join(base, "lib", "python%d.%d" % sys.version_info[:2], "site-packages"))
if "pp_imports" not in sys.modules:
    sys.path.append(os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..")))
    import pp_imports

    # The one that ours would stand in front of has run.
    pp_imports.run_shadowed = lambda: None
    import ${starting}

    ${starting}.start()
`
  const versions = Array.from({ length: NEWEST - 5 }, (_, at) => at + 6)
  return Object.fromEntries(versions.map((minor) => [`lib/python3.${minor}/site-packages/usercustomize.py`, text]))
}

/** For modules that are loaded before any program. */
export const PP_IMPORTS = `import importlib.machinery
import importlib.util
import os
import sys


def run_shadowed():
    """Runs the sitecustomize that ours stands in front of."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [one for one in sys.path if os.path.abspath(one or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


class When:
    """Waits for a module to be imported, and then passes it to a function."""

    def __init__(self, name, use):
        self.name, self.use = name, use

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            plain = spec.loader.exec_module

            def exec_module(module):
                plain(module)
                self.use(module)

            spec.loader.exec_module = exec_module
        return spec


def when_imported(name, use):
    sys.meta_path.insert(0, When(name, use))
`
