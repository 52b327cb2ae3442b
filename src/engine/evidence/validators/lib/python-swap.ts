/**
 * Replaces a module in a process that has imported it. Where only code inside of functions differs, all live functions get the
 * new code, wherever they are held. Otherwise the module's file is executed again in its own namespace, and its functions and
 * classes take over what changed, because other modules hold the old objects. CannotSwap: neither shows what a fresh process would.
 */
export const PP_SWAP = `import functools
import gc
import importlib.machinery
import os
import sys
import types

FUNCTION = types.FunctionType
CACHE = functools._lru_cache_wrapper
WRAPPED = (staticmethod, classmethod)


class CannotSwap(Exception):
    pass


class Source:
    """A file of the product: its text, its code, and the functions that were made from it."""

    def __init__(self, path):
        self.path = os.path.realpath(path)
        with open(path, "rb") as handle:
            self.bytes = handle.read()
        self.code = compile(self.bytes, self.path, "exec", dont_inherit=True)
        self.names = {}
        self.live, self.caches = {}, []
        for one in gc.get_objects():
            if type(one) is FUNCTION and self.is_mine(one.__code__.co_filename):
                self.live.setdefault(place(one.__code__), []).append(one)
            elif type(one) is CACHE and type(one.__wrapped__) is FUNCTION:
                self.caches.append(one)
        self.modules = [one for one in list(sys.modules.values()) if self.is_mine(getattr(one, "__file__", None))]

    def is_mine(self, name):
        if not isinstance(name, str):
            return False
        if name not in self.names:
            self.names[name] = os.path.realpath(name) == self.path
        return self.names[name]

    def edited(self, start, end, text):
        return self.bytes[:start] + text + self.bytes[end:]

    def swap(self, edited, code):
        serve(self.path, edited)
        if same(self.code, code):
            swap_functions(self, self.code, code)
        else:
            run_again(self, code)
        # What a cache holds was computed by the old code.
        for cache in self.caches:
            if self.is_mine(cache.__wrapped__.__code__.co_filename):
                cache.cache_clear()


def place(code):
    return code.co_name, code.co_firstlineno


def serve(path, edited):
    """Imports from here on get the edited text."""
    plain = importlib.machinery.SourceFileLoader.get_code

    def get_code(self, fullname):
        if os.path.realpath(self.path) == path:
            return compile(edited, self.path, "exec", dont_inherit=True)
        return plain(self, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code


def inner(code):
    return [one for one in code.co_consts if isinstance(one, types.CodeType)]


SHAPE = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_kwonlyargcount", "co_flags")
SHAPE += ("co_posonlyargcount", "co_exceptiontable")


def is_class_body(code):
    # Only the body of a class is not optimised (CO_OPTIMIZED); it runs once, like the module around it.
    return not code.co_flags & 1


def equal(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, types.CodeType):
        return True
    if isinstance(one, (tuple, frozenset)):
        return repr(one) == repr(other)
    # 0.0 and -0.0 are equal, and different constants.
    return one == other and repr(one) == repr(other)


def alike(one, other):
    """Whether two code objects do the same, leaving aside the code in them."""
    return (
        all(getattr(one, name, None) == getattr(other, name, None) for name in SHAPE)
        and len(one.co_consts) == len(other.co_consts)
        and all(equal(a, b) for a, b in zip(one.co_consts, other.co_consts))
    )


def same(one, other):
    """Whether what runs once is the same: the module and the bodies of its classes."""
    pairs = list(zip(inner(one), inner(other)))
    return alike(one, other) and all(same(a, b) for a, b in pairs if is_class_body(a) or is_class_body(b))


def deeply_same(one, other):
    return alike(one, other) and all(deeply_same(a, b) for a, b in zip(inner(one), inner(other)))


def swap_functions(source, old, new):
    for a, b in zip(inner(old), inner(new)):
        if a.co_name != b.co_name:
            raise CannotSwap("functions changed their places")
        if not is_class_body(a) and not deeply_same(a, b):
            for function in source.live.get(place(a), []):
                if deeply_same(function.__code__, a):
                    give(function, b)
        swap_functions(source, a, b)


def give(function, code):
    if len(code.co_freevars) != len(function.__code__.co_freevars):
        raise CannotSwap("another number of variables of outer functions")
    function.__code__ = code


def run_again(source, code):
    if len(source.modules) != 1 or source.modules[0].__name__ == "__main__":
        raise CannotSwap("it is not one module")
    module = source.modules[0]
    before = dict(module.__dict__)
    for name, old in before.items():
        # A module is there because it was imported, perhaps by others.
        if not name.startswith("__") and not isinstance(old, types.ModuleType):
            del module.__dict__[name]
    exec(code, module.__dict__)
    classes = {}
    # Classes first: what was made of a new one becomes one of the old.
    for name, old in sorted(before.items(), key=lambda one: not isinstance(one[1], type)):
        new = module.__dict__.get(name)
        if new is old or name.startswith("__") or name not in module.__dict__:
            continue
        if type(new) in classes:
            new.__class__ = classes[type(new)]
        kept = merged(old, new, module.__name__)
        module.__dict__[name] = kept
        if kept is old and isinstance(old, type):
            classes[new] = old
        if kept is not old:
            rebind(module, name, old, kept)


def rebind(module, name, old, new):
    """'from module import name' of other modules."""
    for other in list(sys.modules.values()):
        if other is not module and getattr(other, "__dict__", {}).get(name) is old and is_product(other):
            other.__dict__[name] = new


def is_product(other):
    """Only the project's own modules take names from it."""
    file = getattr(other, "__file__", None) or ""
    return os.path.realpath(file).startswith(os.environ["PP_ROOT"].rstrip("/") + "/")


def merged(old, new, module):
    """The old object with what the new one does; the new one if they are not of one kind."""
    if getattr(old, "__module__", None) != module:
        return new
    if type(old) is FUNCTION and type(new) is FUNCTION:
        return old if merge_function(old, new, set()) else new
    if isinstance(old, type) and isinstance(new, type):
        return old if merge_class(old, new) else new
    return new


def merge_function(old, new, seen):
    """What it holds of outer functions is merged too: a decorated function is held by its decorator's wrapper."""
    if len(old.__closure__ or ()) != len(new.__closure__ or ()):
        return False
    seen.add(id(old))
    for a, b in zip(old.__closure__ or (), new.__closure__ or ()):
        try:
            mine, other = a.cell_contents, b.cell_contents
        except ValueError:
            continue
        # The cell __class__ of a method holds its class, which stays the old one.
        if isinstance(mine, type) or id(mine) in seen:
            continue
        if type(mine) is FUNCTION and type(other) is FUNCTION and merge_function(mine, other, seen):
            continue
        a.cell_contents = other
    give(old, new.__code__)
    old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
    return True


UNCHANGED = ("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__")


def merge_class(old, new):
    if [one.__name__ for one in old.__bases__] != [one.__name__ for one in new.__bases__]:
        return False
    for name, value in list(vars(new).items()):
        mine = vars(old).get(name)
        if name in UNCHANGED or mine is value or merge_member(mine, value):
            continue
        try:
            setattr(old, name, value)
        except (AttributeError, TypeError):
            return False
    return True


def merge_member(old, new):
    if type(old) is not type(new):
        return False
    if type(old) is FUNCTION:
        return merge_function(old, new, set())
    if type(old) in WRAPPED:
        return merge_member(old.__func__, new.__func__)
    if type(old) is property:
        pairs = ((old.fget, new.fget), (old.fset, new.fset), (old.fdel, new.fdel))
        return all(a is b or merge_member(a, b) for a, b in pairs)
    return False
`
