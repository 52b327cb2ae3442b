import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test from 'ava'
import type { EnforcedRestrictions } from '../../../src/engine/ports/sandbox.ts'
import { ATTACK, outside, world } from '../../helpers/attack.ts'
import { docker, podman, type Runtime } from '../../helpers/containers.ts'
import { EXHAUSTIONS } from '../../helpers/exhaust.ts'
import { engine } from './lone-engine.ts'
import { commandLines, host, outcome, syntheticGit, users, working } from './machine.ts'

/** The tree is in a directory that nobody else can enter, and is thrown away; only git's two modes leave it. */
const IN_TREE = 'leave a set-user-id file in the tree'

/** An init without more rights than the command: what the command could learn or spoil there is the command itself. */
const OWN_INIT = ["trace the sandbox's own init", 'leave through /proc/1/root']
/** What no sandbox may allow, whoever filters its system calls. */
const KEYRING = "read a key of the caller's session"
/** Becomes its arguments, in a session keyring of its own with a key in it, as a login makes one. */
const LOGIN = `import ctypes, os, sys
libc = ctypes.CDLL(None)
keyctl, add_key = (250, 248) if os.uname().machine == "x86_64" else (219, 217)
libc.syscall(keyctl, 1, None)
libc.syscall(add_key, b"user", b"pp-canary", b"x", 1, -3)
os.execvp(sys.argv[1], sys.argv[1:])
`
/** What our own filter of system calls answers. The profiles of container runtimes allow some of this. */
const BY_SYSTEM_CALLS: Readonly<Record<string, 'ENOSYS' | 'EPERM'>> = {
  'ask the session keyring': 'ENOSYS',
  [KEYRING]: 'ENOSYS',
  'add a key': 'ENOSYS',
  'request a key': 'ENOSYS',
  'make a socket of a virtual machine (vsock)': 'EPERM',
  "make a socket of the kernel's ciphers": 'EPERM',
  'make a pair of tipc sockets': 'EPERM',
  'set up io_uring': 'ENOSYS',
  'set up userfaultfd': 'ENOSYS',
  'load a bpf program': 'EPERM',
  'open a performance counter': 'EPERM',
  'open a file by its handle': 'EPERM',
  'load a kernel': 'EPERM',
  'load a kernel from a file': 'EPERM',
  'call through the table of i386': 'ENOSYS',
  'call through the table of x32': 'ENOSYS',
}
/** What stands open, and leads nowhere; docs/security.md says why. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  bubblewrap: [...OWN_INIT, IN_TREE],
  unshare: [IN_TREE],
  podman: [...OWN_INIT, IN_TREE, 'see cgroups'],
  docker: [...OWN_INIT, IN_TREE, 'see cgroups'],
}

async function attacked(
  t: Parameters<typeof host>[0],
  sandbox: string,
  who: (typeof users)[number],
  runtime?: Runtime,
) {
  const at = { ...(await host(t, { who })), container: runtime?.wish }
  const toolchain = path.join(at.home, '.cargo')
  const prey = { ...at, path: `${toolchain}/bin:${at.path}` }
  const { targets, hits } = await world(t, prey, toolchain, 'judge.txt')
  const git = await syntheticGit(at, { 'judge.txt': 'judge' })
  const script = await fs.readFile(ATTACK, 'utf8')
  const files = { '.git': 'gitdir: /elsewhere\n', 'judge.txt': 'judge', 'attack-file': '', 'attack.py': script }
  const command = { argv: ['/usr/bin/python3', 'attack.py', JSON.stringify(targets)] }
  const more = { files, git, job: { command, readOnly: ['judge.txt'] } }
  const env = { ...process.env, PP_SECRET_KEY: 'x' }
  const run = await outcome(engine(sandbox, prey, '', more, { env }, ['/usr/bin/python3', '-c', LOGIN]))
  t.deepEqual(run.ended, { how: 'exited', code: 0 }, run.err)
  const inside = Object.entries(JSON.parse(run.out) as Record<string, string>)
  const rows = [...inside, ...(await outside(prey, run.dir))]
  t.log(['', ...rows.map(([name, answer]) => `${name.padEnd(44)} ${answer}`)].join('\n'))
  const open = rows.filter(([, answer]) => answer === 'open').map(([name]) => name)
  return { rows, hits, open, dir: run.dir, filtered: run.enforces.syscalls }
}

async function nothingGetsOut(
  t: Parameters<typeof host>[0],
  sandbox: string,
  who: (typeof users)[number],
  runtime?: Runtime,
): Promise<void> {
  const { rows, hits, open, dir, filtered } = await attacked(t, sandbox, who, runtime)
  t.true(rows.length > 50)
  t.is(filtered, runtime === undefined)
  const answers = new Map(rows)
  for (const [name, refusal] of Object.entries(BY_SYSTEM_CALLS))
    if (filtered) t.is(answers.get(name), `blocked (${refusal})`, name)
    else t.truthy(answers.get(name), name)
  const known = [...(KNOWN[runtime?.wish.runtime ?? sandbox] ?? []), ...(filtered ? [] : Object.keys(BY_SYSTEM_CALLS))]
  t.deepEqual(
    open.filter((name) => !known.includes(name)),
    [],
  )
  t.deepEqual(hits, [])
  t.is(await fs.readFile(path.join(dir, '.git'), 'utf8'), 'gitdir: /elsewhere\n')
}

const kinds = await working()
const runtimes = { podman: await podman(), docker: await docker() }
test.after.always(async () => {
  for (const one of Object.values(runtimes)) if (typeof one !== 'string') await one.dispose()
})

for (const kind of kinds)
  for (const who of users) test(`${kind}: no attack of ${who} gets out`, (t) => nothingGetsOut(t, kind, who))

const contained: { readonly name: string; readonly who: (typeof users)[number]; readonly runtime: Runtime }[] = []
for (const [name, runtime] of Object.entries(runtimes)) {
  if (typeof runtime === 'string') {
    test.skip(`${name}: no attack gets out (skipped: ${runtime})`, () => {})
    continue
  }
  // An ordinary user's podman needs subordinate ids, and the tests' store is another user's.
  for (const who of users) if (name !== 'podman' || who === 'the caller') contained.push({ name, who, runtime })
}
for (const { name, who, runtime } of contained)
  test(`${name}: no attack of ${who} gets out`, (t) => nothingGetsOut(t, 'container', who, runtime))

// As an ordinary user, so that no machine is harmed.
test('the attacks are real: without a sandbox they succeed', async (t) => {
  const { open, hits } = await attacked(t, 'none', users.at(-1) ?? 'the caller')
  const expected = [
    ...['tcp to loopback', 'unix socket, state', 'unix socket, home', 'unix socket, tmp'],
    ...['write a toolchain', 'write the state directory', "write the repository's hooks", 'rewrite the .git pointer'],
    ...['read ~/.ssh/id_rsa', 'read ~/.npmrc', 'read a credential inside a toolchain', 'read a token in .git/config'],
    ...['read a file beside the checkout', 'make a user namespace', IN_TREE, 'write a file in home'],
    ...['ask the session keyring', KEYRING, 'add a key', 'request a key'],
  ]
  t.deepEqual(
    expected.filter((name) => !open.includes(name)),
    [],
  )
  t.deepEqual([...new Set(hits)].sort(), ['abstract', 'home', 'state', 'tcp', 'tmp', 'udp'])
})

/** What an attack on memory and processes needs to be stopped by; the others are stopped anyway. */
const NEEDED: Readonly<Record<string, keyof EnforcedRestrictions>> = {
  'take more memory than the limit': 'memory',
  'start more processes than the limit': 'processCount',
}

/** Each row, and whether the sandbox said of itself that it would be stopped. */
async function exhausted(
  t: Parameters<typeof host>[0],
  sandbox: string,
  who: (typeof users)[number],
  runtime?: Runtime,
) {
  const rows: { readonly name: string; readonly open: boolean; readonly claimed: boolean }[] = []
  for (const [n, { name, bounds, shell }] of EXHAUSTIONS.entries()) {
    const at = { ...(await host(t, { who })), bounds, container: runtime?.wish }
    const word = `1024.${process.pid}${sandbox.length}${runtime?.wish.runtime?.length ?? 0}${users.indexOf(who)}${n}`
    const { out, enforces } = await outcome(engine(sandbox, at, `echo BEGUN; ${shell(word)}`))
    t.regex(out, /^BEGUN/, name)
    const left = await commandLines(word)
    const key = NEEDED[name]
    rows.push({ name, open: out.includes('GOT') || left.length > 0, claimed: key === undefined || enforces[key] })
  }
  const named = rows.map(({ name, open, claimed }) => {
    const full = claimed ? name : `${name}, where no cgroup can be made`
    return `${full.padEnd(70)}  ${open ? 'open' : 'blocked'}`
  })
  t.log(['', ...named].join('\n'))
  return rows
}

for (const kind of [...kinds, 'none'])
  for (const who of users)
    test(`${kind}: ${who} cannot exhaust the machine beyond what the sandbox says of itself`, async (t) => {
      for (const { name, open, claimed } of await exhausted(t, kind, who)) t.is(open, !claimed, name)
    })
for (const { name, who, runtime } of contained)
  test(`${name}: ${who} cannot exhaust the machine beyond what the sandbox says of itself`, async (t) => {
    for (const row of await exhausted(t, 'container', who, runtime)) t.is(row.open, !row.claimed, row.name)
  })
