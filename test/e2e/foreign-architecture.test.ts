import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { where } from '../helpers/needs.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

/** Exits with the status that `sum` gives, by a system call of i386. */
const PROGRAM = `#include "sum.h"
void _start(void) {
  __asm__ volatile("int $0x80" :: "a"(1), "b"(sum(1, 2) != 3));
  *(volatile int *)0 = 0;
}
`
const MAKEFILE = 'test:\n\tgcc -m32 -nostdlib -static -fno-pie -o old main.c && ./old\n'
const wrong = 'static int sum(int a, int b) { return a - b; }\n'
const right = 'static int sum(int a, int b) { return a + b; }\n'

function runsOldPrograms(): boolean {
  const file = join(tmpdir(), `pp-old-${process.pid}`)
  const source = 'void _start(void) { __asm__ volatile("int $0x80" :: "a"(1), "b"(0)); }'
  try {
    const flags = ['-m32', '-nostdlib', '-static', '-o', file, '-x', 'c', '-']
    execFileSync('gcc', flags, { input: source, stdio: ['pipe', 'ignore', 'ignore'] })
    execFileSync(file)
    return true
  } catch {
    return false
  } finally {
    rmSync(file, { force: true })
  }
}

where(runsOldPrograms(), 'gcc cannot build for i386, or this kernel does not run it')(
  'a suite that is built for i386 shows nothing: the sandbox refuses its system calls, and the answer says so',
  async (t) => {
    const repo = await tempRepo(t, { Makefile: MAKEFILE, 'main.c': PROGRAM, 'sum.h': wrong, '.gitignore': 'old\n' })
    await repo.commit('Mend it', { 'sum.h': right })
    const { json, status } = await pp(repo, ['prove', 'HEAD', 'make test', '--json'])
    t.is(json.verdict, 'INVALID_RED', json.reason)
    t.is(status, 6)
    t.regex(String(json.reason), /old is built for another architecture .* the sandbox refuses its system calls/)
    t.regex(String(json['mend']), /container_image/)
    const open = await pp(repo, ['prove', 'HEAD', 'make test', '--sandbox', 'none', '--network', 'allow', '--json'])
    t.is(open.json.verdict, 'PROVED', open.json.reason)
  },
)
