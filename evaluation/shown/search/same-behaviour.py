"""Whether two Python files behave alike: usage: same-behaviour.py DIR FILE ENTRY CORRECT CANDIDATE COMMAND...

Runs COMMAND in DIR with CORRECT as FILE, records what ENTRY is called with, changes those arguments at random (a fixed seed), and
calls ENTRY of both with each. Of changed arguments, those count to which CORRECT gives an answer: the others are not what it is for.
It goes on until enough count, or the time is over.
Prints one JSON object: {"inputs": n, "different": text of the first input or null}.
"""
import copy
import importlib.machinery
import importlib.util
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time

WANTED = 400
# In seconds. A call may take one of the processor with CORRECT, and five with CANDIDATE.
PATIENCE = 90
RECORD = """
import functools as _f, pickle as _p, os as _o
def _recorded(plain):
    @_f.wraps(plain)
    def call(*args, **more):
        if not more:
            try:
                with open(_o.environ["PP_CALLS"], "ab") as handle: _p.dump(args, handle)
            except Exception: pass
        return plain(*args, **more)
    return call
%s = _recorded(%s)
"""


def main():
    top, file, entry, correct, candidate, *command = sys.argv[1:]
    sys.path[:0] = [top, os.path.dirname(os.path.join(top, file)), os.path.join(top, "python_testcases")]
    os.chdir(top)
    calls = recorded(file, entry, open(correct).read(), command)
    one, other = load("one", correct, entry), load("other", candidate, entry)
    dice = random.Random(7)
    count, made, different = 0, 0, None
    until = time.monotonic() + PATIENCE
    while calls and count < WANTED and time.monotonic() < until and different is None:
        own = made < min(100, len(calls))
        args = calls[made] if own else other_arguments(dice, dice.choice(calls))
        made += 1
        right = outcome(one, args, 1)
        if not own and right[0] == "raises":
            continue
        count += 1
        if right != outcome(other, args, 5):
            different = repr(args)[:200]
    print(json.dumps({"inputs": count, "different": different}))


def recorded(file, entry, text, command):
    with open(file, "w") as handle:
        handle.write(text + RECORD % (entry, entry))
    env = dict(os.environ, PP_CALLS=os.path.abspath("pp-calls"), PYTHONDONTWRITEBYTECODE="1")
    try:
        subprocess.run(command, env=env, timeout=30, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        pass
    calls = []
    try:
        with open("pp-calls", "rb") as handle:
            while len(calls) < 2000:
                calls.append(pickle.load(handle))
    except Exception:
        pass
    return calls


def load(name, path, entry):
    spec = importlib.util.spec_from_loader(name, importlib.machinery.SourceFileLoader(name, path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, entry)


def other_arguments(dice, args):
    """All of them changed, or only one: what all together have to be is then kept more often."""
    if dice.random() < 0.5 or not args:
        return changed(dice, args)
    at = dice.randrange(len(args))
    return args[:at] + (changed(dice, args[at]),) + args[at + 1:]


def changed(dice, value):
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value + dice.choice((0, 0, 1, -1, 2, 5, 13)) if dice.random() < 0.9 else dice.randrange(0, 50)
    if isinstance(value, float):
        return value + dice.choice((0, 0.5, -1.0, 2.25))
    if isinstance(value, str):
        letters = list(value)
        for _ in range(dice.randrange(3)):
            at = dice.randrange(len(letters) + 1)
            letters[at:at + dice.randrange(2)] = [dice.choice(letters or list("ab("))]
        return "".join(letters)
    if isinstance(value, (list, tuple)):
        items = [changed(dice, one) for one in value]
        if isinstance(value, list) and items and dice.random() < 0.5:
            at = dice.randrange(len(items))
            items[at:at + 1] = dice.choice(([], [items[at], items[-1]], [items[0]]))
        return type(value)(items) if type(value) in (list, tuple) else value
    return value


def said(value, seen=None):
    """What a value holds. Objects are told by their class and their attributes, and not by their address."""
    seen = {} if seen is None else seen
    if isinstance(value, (list, tuple, dict, set, frozenset)) or hasattr(value, "__dict__") and not isinstance(value, type):
        if id(value) in seen:
            return "#%d" % seen[id(value)]
        seen[id(value)] = len(seen)
    if isinstance(value, (list, tuple)):
        return type(value).__name__ + "(" + ", ".join(said(one, seen) for one in value) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(said(key, seen) + ": " + said(one, seen) for key, one in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "set(" + ", ".join(sorted(said(one, seen) for one in value)) + ")"
    if hasattr(value, "__dict__") and not isinstance(value, type) and not callable(value):
        return type(value).__name__ + said(vars(value), seen)
    return repr(value)


def outcome(entry, args, seconds):
    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        given = copy.deepcopy(args)
        result = entry(*given)
        if hasattr(result, "__next__"):
            result = [one for _, one in zip(range(2000), result)]
        return "returns", said(result), said(given)
    except Exception as error:
        return "raises", type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


main()
