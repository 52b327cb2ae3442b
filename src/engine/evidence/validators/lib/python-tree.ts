/**
 * The files of the project as they were before the tests ran. A fork that wrote among them says so, and they are put back before
 * the next one starts: what a test or a candidate leaves there decides nothing about another candidate.
 */
export const PP_TREE = String.raw`import os
import stat
import sys

ROOT = os.path.realpath(os.environ.get("PP_ROOT", "/")).rstrip("/") + "/"
# What is kept in memory, at most; a larger tree is not put back.
MOST_FILES = 5000
MOST_BYTES = 64 << 20
SKIPPED = (".git", "__pycache__")


class Tree:
    def __init__(self, root=ROOT):
        self.root, self.kept, self.dirs = root, {}, {root}
        size = 0
        for path, seen in self.files():
            size += seen[1]
            if len(self.kept) >= MOST_FILES or size > MOST_BYTES:
                self.kept = None
                return
            try:
                with open(path, "rb") as handle:
                    self.kept[path] = (seen, handle.read())
            except OSError:
                pass
        self.dirs = set(self.directories())

    def files(self):
        """Each file with what shows a change. Mounted directories and links are left alone."""
        for top, _, names in self.walk():
            for name in names:
                path = os.path.join(top, name)
                try:
                    found = os.lstat(path)
                except OSError:
                    continue
                if stat.S_ISREG(found.st_mode):
                    yield path, (found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino)

    def walk(self):
        for top, dirs, names in os.walk(self.root):
            dirs[:] = [one for one in dirs if one not in SKIPPED and not os.path.ismount(os.path.join(top, one))]
            yield top, dirs, names

    def directories(self):
        return [top for top, _, _ in self.walk()]

    def restore(self):
        if self.kept is None:
            return
        now = dict(self.files())
        for path in set(now) - set(self.kept):
            attempt(os.remove, path)
        for path in sorted(set(self.directories()) - self.dirs, reverse=True):
            attempt(os.rmdir, path)
        for path, (seen, data) in self.kept.items():
            if now.get(path) != seen:
                attempt(self.put, path, seen, data)

    def put(self, path, seen, data):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as handle:
            handle.write(data)
        os.chmod(path, stat.S_IMODE(seen[0]))
        os.utime(path, ns=(seen[2], seen[2]))
        found = os.lstat(path)
        self.kept[path] = ((found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino), data)


def attempt(do, *words):
    try:
        do(*words)
    except OSError:
        pass


WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.symlink", "os.link", "os.chmod", "os.utime", "sqlite3.connect")
CHANGES += ("shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.copytree", "shutil.unpack_archive")
STARTS = ("subprocess.Popen", "os.posix_spawn", "os.spawn", "os.exec", "os.system")


def watch_writes(tell):
    """Tells once that something was written, or may have been by a program that was started (Python 3.8 and later)."""
    told = []

    def hook(event, args):
        if told:
            return
        if event == "open":
            wrote = isinstance(args[2], int) and args[2] & WRITES and is_ours(args[0])
        else:
            wrote = event in STARTS or (event in CHANGES and any(is_ours(one) for one in args))
        if wrote:
            told.append(event)
            tell("wrote")

    if hasattr(sys, "addaudithook"):
        sys.addaudithook(hook)


def is_ours(path):
    if not isinstance(path, (str, bytes)):
        return False
    full = os.path.abspath(os.fsdecode(path)) + "/"
    return full.startswith(ROOT) and "/__pycache__/" not in full
`
