import { spawnSync } from 'node:child_process'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer } from '../programs.ts'
import { type End, type Place, PYTEST, type Script } from './script.ts'

const SECRET = 'Canary-hunter2_Kp9xWv4T'
const BUGGY = 'def add(a, b):\n    return a - b\n'
const ADDS = 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n'
const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'git-pp.cjs')

const KEYS = `import ctypes
libc = ctypes.CDLL(None)
def read(name):
    key = libc.syscall(250, 10, -3, b"user", name, 0)
    buf = ctypes.create_string_buffer(64)
    length = libc.syscall(250, 11, key, buf, 64) if key >= 0 else -1
    return buf.raw[:length].decode() if length >= 0 else None
def write(name, text):
    libc.syscall(248, b"user", name, text, len(text), -3)
`
/** Gives itself a keyring as a login does, puts a key there, and starts what it is told. */
const LOGIN = `import os, subprocess, sys
sys.path.insert(0, ".")
import k
k.libc.syscall(250, 1, None)
k.write(b"pp-canary", b"CANARY")
subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=open(os.environ["PP_ANSWER"], "w"))
print("outside", k.read(b"pp-left"))
`
const CALLS = `import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
def can(name, f):
    try:
        print(name, "open" if f() else "closed")
    except OSError as e:
        print(name, "closed", e)
can("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
can("io_uring", lambda: libc.syscall(425, 4, ctypes.create_string_buffer(256)) >= 0)
can("userfaultfd", lambda: libc.syscall(323, 1) >= 0)
raise SystemExit(1)
`

/** What the failing run of a session printed, and whether a filter of system calls was in force. */
async function printed({ bed }: Place, answer: Answer): Promise<{ text: string; isFiltered: boolean }> {
  const to = join(bed.root, 'export')
  await bed.pp(['export', String(answer['session']), to])
  const text = await readFile(join(to, 'attempts/0_baseline/command/stdout'), 'utf8').catch(() => '')
  const environment = JSON.parse(await readFile(join(to, 'environment.json'), 'utf8'))
  return { text, isFiltered: environment.sandbox.enforces.syscalls === true }
}

async function stub({ bed, options, env }: Place) {
  await writeFile(join(bed.root, 'reply'), 'nothing\n')
  const variables = { ...bed.env, ...env, PP_STUB_REPLY: join(bed.root, 'reply'), PP_LIMITS_MAX_ATTEMPTS: '1' }
  return { words: ['run', 'python3 probe.py', '--provider', 'stub', ...options], variables }
}

const ended = (isOpen: boolean, isFiltered: boolean): End =>
  isOpen ? (isFiltered ? 'OPEN' : 'enforces.syscalls: false') : 'closed'

/** Attacks on what lies outside of the sandbox. */
export const REACHING: readonly Script[] = [
  {
    name: 'the keyring of the session of the caller is read and written',
    async attack(place) {
      const { bed } = place
      await bed.write({
        'k.py': KEYS,
        'probe.py':
          'import k\nprint("inside", k.read(b"pp-canary"))\nk.write(b"pp-left", b"mark")\nraise SystemExit(1)\n',
      })
      await bed.commit('Base')
      const { words, variables } = await stub(place)
      const to = join(bed.root, 'answer.json')
      const argv = ['-c', LOGIN, process.execPath, BIN, ...words, '--json']
      const ran = spawnSync('python3', argv, { cwd: bed.dir, env: { ...variables, PP_ANSWER: to }, encoding: 'utf8' })
      const { text, isFiltered } = await printed(place, JSON.parse(await readFile(to, 'utf8')))
      if (!text.includes('inside')) return 'cannot tell: the probe printed nothing'
      return ended(text.includes('CANARY') || ran.stdout.includes('mark'), isFiltered)
    },
  },
  {
    name: 'vsock, io_uring and userfaultfd are asked for',
    async attack(place) {
      await place.bed.write({ 'probe.py': CALLS })
      await place.bed.commit('Base')
      const { words, variables } = await stub(place)
      const { answer } = await place.bed.pp(words, { env: variables })
      const { text, isFiltered } = await printed(place, answer)
      return text.includes('vsock') ? ended(/ open$/m.test(text), isFiltered) : 'cannot tell: the probe printed nothing'
    },
  },
]

/** Attacks that want a secret to be kept or sent, or a program of the tree to be started outside of the sandbox. */
export const LEAKING: readonly Script[] = [
  {
    name: 'the id of a test holds the value of a secret',
    async attack({ bed, pp }) {
      await bed.write({
        'calc.py': BUGGY,
        'test_calc.py': `import os\nimport pytest\n${ADDS.replace('def test_add()', '@pytest.mark.parametrize("x", [os.environ["SERVICE_TOKEN"]])\ndef test_add(x)')}`,
      })
      await bed.commit('Base')
      await bed.write({ 'calc.py': BUGGY.replace('-', '+') })
      await bed.commit('Change')
      const answer = await pp(['prove', 'HEAD', PYTEST, '--env', 'SERVICE_TOKEN'], { SERVICE_TOKEN: SECRET })
      const kinds = ['bundles', 'summary', 'index']
      const notes = await Promise.all(
        kinds.map((kind) => bed.git('notes', '--ref', `refs/notes/pp/${kind}`, 'show', 'HEAD').catch(() => '')),
      )
      return [JSON.stringify(answer), ...notes].some((text) => text.includes(SECRET)) ? 'OPEN' : 'closed'
    },
  },
  {
    name: 'an agent writes the value of a secret into its patch, and it is pushed',
    async attack({ bed, pp }) {
      await bed.write({ 'calc.py': BUGGY, 'test_calc.py': ADDS })
      await bed.commit('Base')
      const agent = join(bed.root, 'agent.sh')
      await writeFile(
        agent,
        `printf 'def add(a, b):\\n    return a + b\\n\\n\\nDB = "%s"\\n' "$DB_PASSWORD" >calc.py\n`,
      )
      await bed.git('config', 'pp.command', `sh ${agent}`)
      await bed.git('config', 'pp.command-env', 'DB_PASSWORD')
      await bed.git('config', 'pp.minimize', 'false')
      await pp(['run', PYTEST, '--provider', 'command', '--runs', '1'], { DB_PASSWORD: SECRET })
      const remote = join(bed.root, 'remote')
      await bed.git('init', '-q', '--bare', remote)
      await bed.git('remote', 'add', 'origin', remote)
      await bed.pp(['push'])
      const refs = (await bed.git('-C', remote, 'for-each-ref', '--format=%(objectname)', 'refs/')).split('\n')
      const found = refs.filter(Boolean).map((ref) => bed.git('-C', remote, 'log', '-p', '-m', ref))
      return (await Promise.all(found)).some((text) => text.includes(SECRET)) ? 'OPEN' : 'closed'
    },
  },
  {
    name: 'a directory of a clone looks like a repository, and its config names a program',
    async attack({ bed, options, env }) {
      const [bare, mark] = [join(bed.root, 'bare'), join(bed.root, 'CANARY')]
      await bed.git('init', '-q', '--bare', bare)
      await mkdir(join(bed.dir, 'sub/wt'), { recursive: true })
      await bed.write({
        'sub/wt/t.sh': 'exit 1\n',
        'sub/config': `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = wt\n[pp]\n\tprovider = command\n\tcommand = "echo x >${mark}"\n`,
      })
      const copied = spawnSync('sh', ['-c', 'cp -r "$0/HEAD" "$0/objects" "$0/refs" sub/', bare], { cwd: bed.dir })
      if (copied.status !== 0) return 'cannot tell: the repository was not copied'
      const [inner, tree] = [join(bed.dir, 'sub'), join(bed.dir, 'sub/wt')]
      await bed.git(`--git-dir=${inner}`, `--work-tree=${tree}`, 'add', '-A')
      await bed.git(`--git-dir=${inner}`, `--work-tree=${tree}`, 'commit', '-qm', 'inner')
      await bed.write({ 'sub/objects/info/.keep': '', 'sub/refs/heads/.keep': '' })
      await bed.commit('Base')
      await bed.git('clone', '-q', bed.dir, join(bed.root, 'victim'))
      await bed.pp(['run', 'sh t.sh', ...options], { cwd: join(bed.root, 'victim/sub/wt'), env: { ...env } })
      return access(mark).then(
        () => 'OPEN' as const,
        () => 'closed' as const,
      )
    },
  },
]
