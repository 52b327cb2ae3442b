"""Tries every way out of a sandbox that we know of; prints {name: 'open' or 'blocked (why)'} as JSON.

usage: attack.py TARGETS, a JSON object of what lies outside; see attack.ts. Works in the current directory.
"""

import ctypes
import errno
import fcntl
import json
import mmap
import os
import socket
import sys
import termios
import time

targets = json.loads(sys.argv[1])
results = {}
libc = ctypes.CDLL(None, use_errno=True)


def attack(name):
    def run(function):
        try:
            answer = "open" if function() else "blocked"
        except OSError as error:
            answer = "blocked (%s)" % errno.errorcode.get(error.errno, error)
        results[name] = answer

    return run


def call(number):
    if number != 0:
        raise OSError(ctypes.get_errno(), "refused")
    return True


def trace(pid):
    call(libc.ptrace(16, pid, 0, 0))
    os.waitpid(pid, 0x40000000)
    return call(libc.ptrace(17, pid, 0, 0))


def connect(family, address):
    with socket.socket(family) as s:
        s.settimeout(2)
        s.connect(address)
    return True


def write(path):
    with open(path, "a") as file:
        file.write("x")
    return True


def read(path, text=""):
    with open(path, errors="replace") as file:
        return text in file.read()


GROUPS = ["/sys/fs/cgroup", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"]


def make_group(top):
    path = os.path.join(top, "pp-attack-%d" % os.getpid())
    try:
        os.mkdir(path)
        os.rmdir(path)
        return True
    except OSError:
        return False


attack("tcp to loopback")(lambda: connect(socket.AF_INET, ("127.0.0.1", targets["tcp"])))
attack("tcp to the network")(lambda: connect(socket.AF_INET, ("192.0.2.1", 9)))
for place, path in targets["sockets"].items():
    attack("unix socket, " + place)(lambda: connect(socket.AF_UNIX, path))
# Some versions of Node fill the name up with zeros.
attack("unix socket, abstract")(lambda: connect(socket.AF_UNIX, ("\0" + targets["abstract"]).ljust(108, "\0")))
attack("unix socket, abstract, short")(lambda: connect(socket.AF_UNIX, "\0" + targets["abstract"]))


@attack("udp to the network")
def _():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        return s.sendto(b"x", ("192.0.2.1", 53)) > 0


@attack("udp to loopback")
def _():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"hit", ("127.0.0.1", targets["udp"]))
    return False  # whether it arrived is seen outside


attack("write /etc")(lambda: write("/etc/pp-attack"))
attack("write /usr")(lambda: write("/usr/pp-attack"))
attack("write a toolchain")(lambda: write(os.path.join(targets["toolchain"], "bin/pp-attack")))
attack("write the state directory")(lambda: write(os.path.join(targets["state"], "pp-attack")))
attack("write the repository's hooks")(lambda: write(targets["checkout"] + "/.git/hooks/post-checkout"))
# Whether these arrive is seen outside: inside, something else may stand at the same path.
for directory in (targets["home"], targets["checkout"]):
    try:
        write(os.path.join(directory, "pp-attack"))
    except OSError:
        pass
attack("write a judge")(lambda: write(targets["judge"]))
attack("replace a judge")(lambda: os.rename("attack-file", targets["judge"]) is None)
attack("rewrite the .git pointer")(lambda: write(".git"))
attack("replace the .git pointer")(lambda: os.rename(".git", ".git.old") is None)
attack("write objects of the repository")(lambda: write(targets["objects"] + "/pp-attack"))
for name in targets["secrets"]:
    attack("read ~/" + name)(lambda: read(os.path.join(targets["home"], name), "SECRET"))
attack("read a credential inside a toolchain")(lambda: read(targets["credential"], "SECRET"))
attack("read /etc/shadow")(lambda: read("/etc/shadow", "root:"))
attack("read a token in .git/config")(lambda: read(targets["checkout"] + "/.git/config", "SECRET"))
attack("read a file beside the checkout")(lambda: read(targets["beside"], "SECRET"))
attack("read a key from the environment")(lambda: "PP_SECRET_KEY" in os.environ)


@attack("read a key from /proc/*/environ")
def _():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if read("/proc/%s/environ" % pid, "PP_SECRET_KEY="):
                return True
        except OSError:
            pass
    return False


attack("kill a process outside")(lambda: os.kill(targets["victim"], 0) is None)
attack("trace a process outside")(lambda: trace(targets["victim"]))
attack("trace the sandbox's own init")(lambda: trace(1))
attack("open a descriptor of the init")(lambda: os.open("/proc/1/fd/3", os.O_WRONLY) > 0)
attack("leave through /proc/1/root")(lambda: os.listdir("/proc/1/root/proc/1/cwd") is not None)
attack("make a block device")(lambda: os.mknod("device", 0o60600, os.makedev(*targets["disk"])) is None)
attack("write core_pattern")(lambda: os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY) > 0)
attack("write max_user_namespaces")(lambda: write("/proc/sys/user/max_user_namespaces"))
attack("pull sysrq")(lambda: os.open("/proc/sysrq-trigger", os.O_WRONLY) > 0)
attack("reach a container engine")(lambda: any(connect(socket.AF_UNIX, path) for path in targets["engines"] if os.path.exists(path)))
attack("open the disk")(lambda: os.open("/dev/vda", os.O_RDONLY) > 0)
attack("see cgroups")(lambda: len(os.listdir("/sys/fs/cgroup")) > 0)
attack("write cgroups")(lambda: any(make_group(top) for top in GROUPS if os.path.isdir(top)))
attack("remount / writable")(lambda: call(libc.mount(b"none", b"/", None, 32 | 4096, None)))
attack("mount a tmpfs")(lambda: call(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None)))
attack("unmount a read-only file")(lambda: call(libc.umount2(targets["judge"].encode(), 2)))
attack("hard-link a file of the system")(lambda: os.link("/etc/passwd", "link") is None)
attack("hard-link a judge")(lambda: os.link(targets["judge"], "judge-link") is None and write("judge-link"))
attack("become root")(lambda: call(libc.setresuid(0, 0, 0)) and targets["uid"] != 0)
attack("leave the root by chroot")(lambda: os.chroot("/tmp") is None)


@attack("gain by set-user-id")
def _():
    with open("/proc/self/status") as status:
        lines = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    return lines["NoNewPrivs"].strip() != "1" or any(int(lines[c], 16) for c in ("CapPrm", "CapEff", "CapBnd", "CapAmb"))


@attack("make a user namespace")
def _():
    pid = os.fork()
    if pid == 0:
        os._exit(0 if libc.unshare(0x10000000) == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


@attack("push keys into a terminal")
def _():
    fd = os.open("/dev/tty", os.O_RDWR)
    fcntl.ioctl(fd, termios.TIOCSTI, b"#")
    return True


@attack("inherit descriptors")
def _():
    found = [os.readlink("/proc/self/fd/" + fd) for fd in os.listdir("/proc/self/fd") if int(fd) > 2 and os.path.exists("/proc/self/fd/" + fd)]
    return any(path != "/dev/null" for path in found)


@attack("fill /tmp without end")
def _():
    stat = os.statvfs("/tmp")
    return stat.f_blocks * stat.f_frsize > 8 << 30


# The numbers of system calls, and machine code that asks the kernel through the table of i386 (getpid).
X86 = os.uname().machine == "x86_64"
CALLS = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "perf_event_open": (298, 241),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
OLD_GETPID = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"


def ask(name, *arguments):
    number = CALLS[name][0 if X86 else 1] if name in CALLS else name
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return True


def ask_for_key():
    try:
        return ask("request_key", b"user", b"pp-no-such-key", None, 0)
    except OSError as error:
        if error.errno == errno.ENOKEY:  # the kernel has searched
            return True
        raise


def open_by_handle():
    handle = ctypes.create_string_buffer(136)
    ctypes.memmove(handle, (128).to_bytes(4, sys.byteorder), 4)
    mount = ctypes.c_int()
    ask("name_to_handle_at", -100, b"/tmp", handle, ctypes.byref(mount), 0)
    return ask("open_by_handle_at", -100, handle, 0)


def old_getpid():
    if not X86:
        raise OSError(errno.ENOSYS, "this machine has no such table")
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(OLD_GETPID)
    result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
    if result < 0:
        raise OSError(-result, "refused")
    return True


attack("ask the session keyring")(lambda: ask("keyctl", 0, -3, 0))
attack("read a key of the caller's session")(lambda: ask("keyctl", 10, -3, b"user", b"pp-canary", 0))
attack("add a key")(lambda: ask("add_key", b"user", b"pp-attack", b"x", 1, -2))
attack("request a key")(ask_for_key)
attack("make a socket of a virtual machine (vsock)")(lambda: socket.socket(40, socket.SOCK_STREAM))
attack("make a socket of the kernel's ciphers")(lambda: socket.socket(38, socket.SOCK_SEQPACKET))
attack("make a pair of tipc sockets")(lambda: call(libc.socketpair(30, 1, 0, (ctypes.c_int * 2)())))
attack("set up io_uring")(lambda: ask("io_uring_setup", 4, ctypes.create_string_buffer(256)))
attack("set up userfaultfd")(lambda: ask("userfaultfd", 1))
attack("load a bpf program")(lambda: ask("bpf", 0, ctypes.create_string_buffer((1).to_bytes(4, "little") + (4).to_bytes(4, "little") * 2 + (1).to_bytes(4, "little"), 128), 128))
attack("open a performance counter")(lambda: ask("perf_event_open", ctypes.create_string_buffer((1).to_bytes(4, "little") + (112).to_bytes(4, "little"), 112), 0, -1, -1, 0))
attack("open a file by its handle")(open_by_handle)
attack("load a kernel")(lambda: ask("kexec_load", 0, 0, None, 0))
attack("load a kernel from a file")(lambda: ask("kexec_file_load", -1, -1, 0, None, 4))
attack("call through the table of i386")(old_getpid)
attack("call through the table of x32")(lambda: ask(0x40000000 + 39))


@attack("leave a set-user-id file in the tree")
def _():
    write("privileged")
    os.chmod("privileged", 0o4755)
    return os.stat("privileged").st_mode & 0o4000 != 0


print(json.dumps(results), flush=True)

# A daemon: whether it outlives the command is seen outside.
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        while True:
            write("tick")
            time.sleep(0.05)
    os._exit(0)
