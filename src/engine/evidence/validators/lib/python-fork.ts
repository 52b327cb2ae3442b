/** One fork that runs tests, perhaps with a candidate in place, and tells of each test over a descriptor of its own. */
export const PP_FORK = String.raw`import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time

import pp_behaviour
import pp_swap
import pp_tree

# In bytes: what a fork may use beside what the process has already.
MORE_MEMORY = 1 << 30


class Fork:
    """told: (test, whether it passed, seconds); current: the test that is running; calls, does: see pp_behaviour; died: it ended by itself before the end.

    limit: test → how long it may take, and how long of the processor, in seconds; until: when the fork is to be ended.
    """

    def __init__(self, suite, tests, edit, stop, watch=False, calls=None, limit=None, output=None):
        self.limit, self.until, self.loaded, self.cpu = limit, None, [], {}
        self.tests = list(tests)
        self.calls, self.does = [], []
        self.told, self.current, self.whole, self.cannot, self.started = [], None, False, False, None
        self.died, self.status, self.rest, self.closed, self.outside = False, None, b"", False, False
        # wrote: among the files of the project; tainted: another did meanwhile.
        self.wrote = self.tainted = False
        self.tmp = tempfile.mkdtemp(prefix="pp-")
        self.fd, out = os.pipe()
        self.began = self.moved = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.fd)
                child(suite, self.tests, edit, (stop, watch, calls, limit), (out, output), self.tmp)
            finally:
                os._exit(1)
        os.close(out)

    def step(self, seconds):
        """Reads what the fork tells, waiting for at most this long. False: it tells nothing more."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        more = os.read(self.fd, 65536)
        *lines, self.rest = (self.rest + more).split(b"\n")
        for line in lines:
            self.read(line.decode("utf-8", "replace"))
        self.moved = time.monotonic()
        self.closed = not more
        return not self.closed

    def read(self, line):
        what, _, value = line.partition(" ")
        if what == "start":
            self.current, self.at = int(value), time.monotonic()
            if self.limit is not None:
                self.until = self.at + self.limit(self.current)[0]
        elif what in ("pass", "fail") and self.current is not None:
            self.told.append((self.current, what == "pass", time.monotonic() - self.at))
            self.cpu[self.current] = float(value or 0)
            self.current = None
        elif what == "end":
            self.whole = True
        elif what == "outside":
            self.outside = True
        elif what == "wrote":
            self.wrote = True
        elif what == "cannot":
            self.cannot = True
        elif what == "loaded":
            self.loaded.append(value)
        elif what == "call":
            self.calls.append(value)
        elif what == "does":
            self.does.append(value)
        elif what == "started":
            self.started = value

    def end(self):
        """Ends the fork with all processes of its group."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        pause = 0.0002
        while pid == 0 and self.closed and pause < 0.2:
            time.sleep(pause)
            pause *= 2
            pid, status = os.waitpid(self.pid, os.WNOHANG)
        self.died = pid != 0
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass
        if pid == 0:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except OSError:
                pass
            _, status = os.waitpid(self.pid, 0)
        self.status = status
        os.close(self.fd)
        shutil.rmtree(self.tmp, ignore_errors=True)

    def was_slow(self):
        """Whether it was ended in a test because that took too long."""
        late = not self.died or (os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGPROF)
        return self.current is not None and late

    def passed(self):
        passing = [at for at, passed, _ in self.told if passed]
        return self.whole and self.status == 0 and not self.outside and passing == self.tests


def child(suite, tests, edit, how, outs, tmp):
    stop, watch, calls, limit = how
    out, output = outs
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    if output is not None:
        printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for fd in (1, 2):
            os.dup2(printed, fd)
    os.environ["TMPDIR"] = tmp
    tempfile.tempdir = None
    limit_memory()

    began = [0.0]

    def tell(line):
        what, _, test = line.partition(" ")
        if what == "start":
            began[0] = time.process_time()
            # Time of the processor is the same on a busy machine. Unhandled, this signal ends a process that hangs anywhere.
            signal.setitimer(signal.ITIMER_PROF, limit(int(test))[1] if limit is not None else 0)
        elif what in ("pass", "fail"):
            line += " %.4f" % (time.process_time() - began[0])
        elif what == "end":
            signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(out, (line + "\n").encode())

    pp_tree.watch_writes(tell)
    if watch and hasattr(sys, "addaudithook"):
        sys.addaudithook(starts(tell))
    if edit is not None:
        source, edited, code = edit
        try:
            source.swap(edited, code)
        except pp_swap.CannotSwap:
            tell("cannot")
            return
        if calls == "record":
            pp_behaviour.record(source, tell)
        elif calls is not None:
            pp_behaviour.behave(source, calls, tell)
            tell("end")
            os._exit(0)
    suite.run(tests, tell, stop)
    tell("end")
    os._exit(0)


def limit_memory():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/statm") as handle:
            used = int(handle.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = used + MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most) if hard == resource.RLIM_INFINITY or hard > most else (hard, hard))



def starts(tell):
    """A program that a test starts reads the files, and not what this process has swapped."""

    def hook(event, args):
        if event in pp_tree.STARTS:
            tell("started " + str(args[0] if args else event).replace("\n", " ")[:200])

    return hook
`
