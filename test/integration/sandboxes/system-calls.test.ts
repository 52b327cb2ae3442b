import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { findTool } from '../../../src/engine/sandboxes/lib/find-tools.ts'
import { filterLoader } from '../../../src/engine/sandboxes/lib/seccomp/load.ts'
import { where } from '../../helpers/needs.ts'
import { engine } from './lone-engine.ts'
import { host, job, outcome, plugOf, said, users, working, workspace } from './machine.ts'

const kinds = await working()
const root = process.getuid?.() === 0

/** A program of i386 that exits with status 0, and one of this machine that crashes; null: they cannot be built. */
const programs = await builtPrograms()
const withOld = where(programs !== null, 'gcc cannot build for i386, or this kernel does not run it')

async function builtPrograms(): Promise<{ old: Uint8Array; own: Uint8Array } | null> {
  const dir = await fs.mkdtemp('/tmp/pp-i386-')
  const compile = (file: string, flags: readonly string[], source: string) => {
    execFileSync('gcc', [...flags, '-nostdlib', '-static', '-o', path.join(dir, file), '-x', 'c', '-'], {
      input: source,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    return fs.readFile(path.join(dir, file))
  }
  try {
    const exit = 'void _start(void) { __asm__ volatile("int $0x80" :: "a"(1), "b"(0)); *(volatile int *)0 = 0; }'
    const old = await compile('old', ['-m32'], exit)
    const own = await compile('own', [], 'void _start(void) { *(volatile int *)0 = 0; }')
    execFileSync(path.join(dir, 'old'))
    return { old, own }
  } catch {
    return null
  } finally {
    await fs.rm(dir, { recursive: true, force: true })
  }
}

async function ran(t: ExecutionContext, kind: string, shell: string) {
  const at = await host(t)
  const tree = await workspace(at)
  await fs.mkdir(path.join(tree.dir, 'build'))
  for (const [name, bytes] of Object.entries(programs ?? {}))
    await fs.writeFile(path.join(tree.dir, 'build', name), bytes, { mode: 0o755 })
  const sandbox = await (await plugOf(kind)).open(at)
  return sandbox.run(job(at, tree, shell))
}

for (const kind of kinds) {
  withOld(`${kind}: a program of i386 crashes, and the run names it, however it is started`, async (t) => {
    for (const shell of [
      'build/old',
      'exec build/old',
      'build/old; exit $?',
      'cd build && PATH=$PATH:. && old || exit 1',
      `/usr/bin/python3 -c 'import subprocess; subprocess.run(["build/old"], check=True)'`,
    ]) {
      const run = await ran(t, kind, shell)
      t.notDeepEqual(run.ended, { how: 'exited', code: 0 }, shell)
      t.is(run.foreign, 'build/old', `${shell}: ${JSON.stringify(run.ended)} ${said(run)}`)
    }
  })

  withOld(`${kind}: a crash of a program of this machine is not said to be one of another architecture`, async (t) => {
    const run = await ran(t, kind, 'build/own')
    t.deepEqual(run.ended, { how: 'exited', code: 139 })
    t.is(run.foreign, null)
    t.is((await ran(t, kind, 'ls build; exit 1')).foreign, undefined)
  })
}

test('without a sandbox of ours, programs of other architectures run as they always do', async (t) => {
  const at = await host(t)
  const run = await (await (await plugOf('none')).open(at)).run(job(at, await workspace(at), 'kill -SEGV $$'))
  t.is(run.foreign, undefined)
})

const CALLS = `import ctypes, socket
libc = ctypes.CDLL(None)
print("keyctl", libc.syscall(250 if __import__("os").uname().machine == "x86_64" else 219, 0, -3, 0) >= 0)
print("Seccomp", [line.split()[1] for line in open("/proc/self/status") if line.startswith("Seccomp:")][0])
`

for (const who of users)
  where(root && kinds.includes('unshare'), 'only root can hide perl, and unshare must work')(
    `unshare, as ${who}: where there is no perl, commands run, and it says that no system call is filtered`,
    async (t) => {
      const at = await host(t, { who })
      const hidden = `for dir in /usr/bin /usr/local/bin; do [ ! -e $dir/perl ] || mount --bind /dev/null $dir/perl; done; exec "$@"`
      const within = ['unshare', '--mount', 'sh', '-c', hidden, 'pp']
      const files = { 'calls.py': CALLS }
      const run = await outcome(engine('unshare', at, '/usr/bin/python3 calls.py', { files }, {}, within))
      t.is(run.probe, null)
      t.deepEqual(run.ended, { how: 'exited', code: 0 }, run.err)
      t.false(run.enforces.syscalls)
      t.is(run.out, 'keyctl True\nSeccomp 0\n')
    },
  )

for (const kind of kinds)
  for (const who of users)
    test(`${kind}, as ${who}: the kernel says of each command that it runs under a filter`, async (t) => {
      const at = await host(t, { who })
      const run = await outcome(engine(kind, at, '/usr/bin/python3 calls.py', { files: { 'calls.py': CALLS } }))
      t.is(run.out, 'keyctl False\nSeccomp 2\n', run.err)
      t.true(run.enforces.syscalls)
    })

// The loader runs inside as the command's user: variables of the command must not make it load code of the tree.
where(kinds.includes('unshare'), 'unshare does not work here')(
  'unshare: variables of Perl reach the command and not the program that loads the filter',
  async (t) => {
    const at = await host(t)
    const files = { 'lib/Own.pm': 'package Own; print "LOADED\\n"; exit 0; 1;\n', 'calls.py': CALLS }
    const env = { PATH: at.path, PERL5OPT: '-MOwn', PERL5LIB: 'lib', PERL_UNICODE: 'S' }
    const shell = '/usr/bin/python3 calls.py; echo $PERL5OPT $PERL5LIB'
    const run = await outcome(engine('unshare', at, shell, { files, job: { env } }))
    t.is(run.out, 'keyctl False\nSeccomp 2\n-MOwn lib\n', run.err)
  },
)

test('perl is taken from directories of the system alone', async (t) => {
  const at = await host(t)
  await fs.writeFile(path.join(at.home, 'perl'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  t.not(findTool([at.home], 'perl'), null)
  t.is(await filterLoader([at.home]), null)
})
