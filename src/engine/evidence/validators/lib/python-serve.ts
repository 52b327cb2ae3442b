/**
 * Tries candidates in forks of a process that has collected its tests. pp-candidates.jsonl says what to try: a head, then a
 * line for each candidate. pp-words.jsonl gets a line for each thing that was found out, as it is found out.
 */
export const PP_SERVE = String.raw`import gc
import json
import os
import select
import time

import pp_fork
import pp_swap
import pp_tree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.environ.get("PP_ROOT", "/")
# In seconds, how long a failing test may take with a candidate: at first, then, and at last.
TIERS = (0.25, 2.0, 10.0)
# The same in seconds of the processor, which do not depend on what else the machine does.
CPU_TIERS = (0.06, 0.6, 6.0)
# Which part of the time candidates that were too slow may have while others wait.
SHARES = (1.0, 0.25, 0.1)
CONTROL_EVERY = 200
# In seconds: after the first candidate that passes, others are tried for as long as it took to find it, and at least so long.
LEAST_LOOK = 3.0


def say(**what):
    with open(os.path.join(HERE, "pp-words.jsonl"), "a") as handle:
        handle.write(json.dumps(what) + "\n")


def read_batch():
    with open(os.path.join(HERE, "pp-candidates.jsonl")) as handle:
        head = json.loads(handle.readline())
        return head, [json.loads(line) for line in handle]


def serve(suite):
    """Answers the batch. False: the tests of this process do not fail, so others may be meant."""
    head, candidates = read_batch()
    paths = sorted({candidate["path"] for candidate in candidates})
    source_of = getattr(suite, "source", pp_swap.Source)
    sources = {path: source_of(os.path.join(ROOT, path)) for path in paths}
    # After this, the collector names none of the objects that exist now, and forks share their memory.
    gc.collect()
    if hasattr(gc, "freeze"):
        gc.freeze()
    tree = pp_tree.Tree()
    base = observe(suite, head, tree)
    if not base.failing:
        return False
    if hasattr(suite, "preload"):
        # Programs that a script starts may run the tests, and then they are asked.
        if base.started:
            return False
        suite.preload(base.loaded)
        say(by=suite.kind, failing=[], hanging=base.hung, passed=0, output=text_of(suite.output))
        base = observe(suite, head, tree)
    else:
        say(by=suite.kind, failing=[suite.ids[at] for at in base.failing], hanging=base.hung, passed=len(base.passing))
    if base.started:
        say(cannot="the failing tests start programs of their own: " + base.started)
    else:
        Server(suite, base, head, candidates, sources, tree).run()
        say(end=True)
    return True


# In characters: how much of what a script prints is told.
MOST_OUTPUT = 200000


def text_of(path):
    with open(path, errors="replace") as handle:
        return handle.read(MOST_OUTPUT)


class Base:
    """What the tests do without a change: indexes of tests in the order of the suite, and seconds."""

    def __init__(self):
        self.failing, self.passing, self.seconds, self.hung, self.started = [], [], {}, 0, None
        self.loaded, self.cpu, self.wrote = [], {}, False

    def usual(self, seconds):
        times = sorted(seconds.get(at, 0) for at in self.passing)
        return times[len(times) // 2] if times else 0

    def limit(self, level):
        """How long each test may take: a slow one does not give more time to a candidate that hangs in a quick one."""
        usual, usual_cpu = self.usual(self.seconds), self.usual(self.cpu)
        return lambda at: (
            max(TIERS[level], 4 * max(usual, self.seconds.get(at, 0))),
            max(CPU_TIERS[level], 4 * max(usual_cpu, self.cpu.get(at, 0))),
        )

    def tier(self, level):
        """How long the failing tests may take together."""
        limit = self.limit(level)
        return max([TIERS[level]] + [sum(limit(at)[0] for at in self.failing)])

    def whole(self):
        return max(TIERS[2], 4 * sum(self.seconds.get(at, 0) for at in self.passing))


def observe(suite, head, tree):
    """Runs everything without a change, in order. After a test that hangs, the others get a process of their own."""
    base = Base()
    rest = list(range(len(suite.ids)))
    patience = head["patience"]
    while rest and base.hung < 2:
        run = pp_fork.Fork(suite, rest, None, stop=suite.stops, watch=True, output=getattr(suite, "output", None))
        while run.step(patience) and time.monotonic() < run.moved + patience:
            pass
        run.end()
        if run.wrote:
            base.wrote = True
            tree.restore()
        for at, passed, seconds in run.told:
            (base.passing if passed else base.failing).append(at)
            base.seconds[at] = seconds
            base.cpu[at] = run.cpu.get(at, 0)
        base.started = base.started or run.started
        base.loaded += run.loaded
        if run.current is None:
            break
        base.failing.append(run.current)
        base.hung += 1
        rest = rest[rest.index(run.current) + 1:]
    # The quick ones first: most candidates fail at once.
    base.failing.sort(key=lambda at: (int(base.seconds.get(at, patience) * 20), at))
    return base


class Server:
    def __init__(self, suite, base, head, candidates, sources, tree):
        self.suite, self.base, self.head, self.candidates = suite, base, head, candidates
        self.until = time.monotonic() + head["seconds"]
        self.sources, self.tree = sources, tree
        # Where runs write among the files of the project, one waits for the other, and those that another disturbed run again.
        self.alone, self.again = base.wrote, []
        self.fresh = iter(range(len(candidates)))
        # Candidates that pass the failing tests, and those that were too slow, by tier.
        self.likely, self.slow = [], ([], [], [])
        self.spent = [0.0, 0.0, 0.0]
        self.running = []
        self.since, self.look_on = 0, None
        self.began, self.look_until = time.monotonic(), self.until
        self.good = True
        # The calls that the first candidate that passes gets from the tests; None: there is none yet.
        self.calls = None

    def run(self):
        while self.good and time.monotonic() < self.until:
            while len(self.running) < self.head["jobs"] and self.begin():
                pass
            if not self.running:
                break
            self.wait()
            if self.since >= CONTROL_EVERY:
                self.control()
        for run in self.running:
            run.end()
        if self.good and self.since > 0:
            self.control()

    def wait(self):
        now = time.monotonic()
        left = min(run.until for run in self.running) - now
        ready, _, _ = select.select([run.fd for run in self.running], [], [], max(0, min(left, self.until - now)))
        for run in list(self.running):
            if run.fd in ready and run.step(0):
                continue
            if run.fd in ready or time.monotonic() >= run.until:
                self.running.remove(run)
                run.end()
                run.tainted = run.tainted or any(other.wrote for other in self.running)
                if run.wrote:
                    self.put_back()
                self.finish(run)

    def put_back(self):
        self.tree.restore()
        self.alone = True
        for other in self.running:
            other.tainted = True

    def begin(self):
        """Starts the next run, if there is one."""
        if self.alone and self.running:
            return False
        if self.again:
            return self.start(*self.again.pop(0))
        if self.likely:
            return self.start(self.likely.pop(0), 2, whole=True)
        total = sum(self.spent)
        for level in (2, 1) if self.look_on is None else ():
            if self.slow[level] and self.spent[level] + self.base.limit(level)(self.base.failing[0])[0] <= SHARES[level] * total:
                return self.start(self.slow[level].pop(0), level)
        for at in self.fresh if self.looks_on() else ():
            if self.look_on is not None:
                self.look_on -= 1
            if self.start(at, 0):
                return True
        for level in (1, 2) if self.look_on is None else ():
            if self.slow[level]:
                return self.start(self.slow[level].pop(0), level)
        return False

    def looks_on(self):
        return self.look_on is None or (self.look_on > 0 and time.monotonic() < self.look_until)

    def start(self, at, level, whole=False):
        """False: there is nothing to run, because the candidate is no program."""
        try:
            edit = self.edit(self.candidates[at])
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            self.word(at, "fails")
            return False
        tests = range(len(self.suite.ids)) if whole else self.base.failing
        run = pp_fork.Fork(self.suite, tests, edit, stop=True, limit=None if whole else self.base.limit(level))
        run.candidate, run.level, run.is_whole = at, level, whole
        run.until = run.began + (self.base.whole() if whole else self.base.limit(level)(self.base.failing[0])[0])
        self.running.append(run)
        return True

    def edit(self, candidate):
        source = self.sources[candidate["path"]]
        edited = source.edited(candidate["start"], candidate["end"], candidate["text"].encode("latin-1"))
        return source, edited, compile(edited, source.path, "exec", dont_inherit=True)

    def finish(self, run):
        self.spent[run.level] += time.monotonic() - run.began
        if run.tainted and not run.passed():
            self.again.append((run.candidate, run.level, run.is_whole))
        elif run.passed():
            if run.is_whole:
                self.word(run.candidate, "passes")
                self.compare(run.candidate)
                if self.look_on is None:
                    now = time.monotonic()
                    self.look_on = self.head["lookOn"]
                    self.look_until = now + max(LEAST_LOOK, now - self.began)
            else:
                self.likely.append(run.candidate)
        elif run.cannot:
            self.word(run.candidate, "cannot")
        elif run.was_slow() and not run.is_whole and run.level < 2:
            self.slow[run.level + 1].append(run.candidate)
            if run.level == 0:
                self.word(run.candidate, "slow")
        else:
            self.word(run.candidate, "slow" if run.was_slow() else "fails")

    def word(self, at, what):
        say(n=at, **{"is": what})
        self.since += 1

    def compare(self, at):
        """Says what a candidate that passes does for further inputs."""
        edit = self.edit(self.candidates[at])
        if self.calls is None:
            tests = range(len(self.suite.ids))
            self.calls = self.to_the_end(pp_fork.Fork(self.suite, tests, edit, stop=True, calls="record"), self.base.whole()).calls
        if self.calls:
            does = self.to_the_end(pp_fork.Fork(self.suite, [], edit, stop=True, calls=self.calls), TIERS[1]).does
            say(n=at, does=does)

    def control(self):
        """Without a change the failing tests must fail, and one that passed must pass."""
        self.since = 0
        reds = self.fresh_run(self.base.failing, self.base.tier(1))
        first = self.base.failing[0]
        self.good = reds.current == first or [(at, passed) for at, passed, _ in reds.told[:1]] == [(first, False)]
        if self.base.passing:
            quick = min(self.base.passing, key=lambda at: self.base.seconds[at])
            self.good = self.good and self.fresh_run([quick], self.base.whole()).passed()
        say(control=self.good)

    def fresh_run(self, tests, limit):
        return self.to_the_end(pp_fork.Fork(self.suite, tests, None, stop=True), limit)

    def to_the_end(self, run, limit):
        while run.step(limit) and time.monotonic() < run.began + limit:
            pass
        run.end()
        if run.wrote:
            self.put_back()
        return run
`
