/** Waits in each process of Python for a test runner that is about to run its tests; a script of the project that fails is tried at once. */
export const PP_VALIDATE = `import os

import pp_imports

HERE = os.path.dirname(os.path.abspath(__file__))
TAKEN = os.path.join(HERE, "pp-taken")


def wanted():
    """Whether no other runner of this command has answered."""
    return "PP_VALIDATE" in os.environ and not os.path.exists(TAKEN)


def take():
    """What the tests start finds the environment of an ordinary run."""
    del os.environ["PP_VALIDATE"]
    for name in ("PYTHONPATH", "PYTHONUSERBASE", "PYTEST_ADDOPTS"):
        value = os.environ.pop("PP_OWN_" + name, "")
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def refuse(reason):
    import pp_serve

    pp_serve.say(cannot=reason)


def serve(suite):
    """False: no test of this suite fails, so it runs as it would otherwise."""
    import pp_serve

    if not pp_serve.serve(suite):
        return False
    open(TAKEN, "w").close()
    return True


def unittest_is_here(module):
    import pp_unittest

    pp_unittest.wrap(module)


def start():
    pp_imports.run_shadowed()
    if wanted():
        pp_imports.when_imported("unittest.runner", unittest_is_here)
        import pp_script

        pp_script.begin()
`
