import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { engine } from './lone-engine.ts'
import { commandLines, host, outcome, users, working } from './machine.ts'

const files = { 'a:b,c.txt': 'base\n', 'src/lib.txt': 'base\n', 'test/judge.txt': 'judge\n' }
const exited = (code: number) => ({ how: 'exited' as const, code })

for (const kind of await working())
  for (const who of users) {
    test(`${kind}, ${who}: a command writes to a stacked tree, and its layers stay as they were`, async (t) => {
      const at = await host(t, { who })
      const shell =
        'pwd; id -u; cat "a:b,c.txt"; echo new >src/lib.txt; rm "a:b,c.txt"; rm -r test; mkdir test; ls -A test; ln src/lib.txt more; ls'
      const run = await outcome(engine(kind, at, shell, { files, layered: true }))
      t.deepEqual(run.ended, exited(0), run.err)
      t.is(run.out, `${at.checkout}\n${at.uid}\nbase\nmore\nsrc\ntest\n`)
      t.deepEqual([...run.written].sort(), ['a:b,c.txt', 'more', 'src', 'test'])
      t.is(await fs.readFile(path.join(run.dir, 'src/lib.txt'), 'utf8'), 'base\n')
      t.is(await fs.readFile(path.join(run.dir, 'test/judge.txt'), 'utf8'), 'judge\n')
      t.is(await fs.readFile(path.join(run.dir, 'a:b,c.txt'), 'utf8'), 'base\n')
    })

    test(`${kind}, ${who}: a judge of a stacked tree cannot be written, replaced or moved`, async (t) => {
      const at = await host(t, { who })
      const shell =
        'for do in "echo x >test/judge.txt" "rm test/judge.txt" "mv test/judge.txt test/other" "mv test elsewhere"; do sh -c "$do" 2>/dev/null && echo "done: $do"; done; cat test/judge.txt'
      const more = { files, layered: true, job: { readOnly: ['test/judge.txt'] } }
      const run = await outcome(engine(kind, at, shell, more))
      t.is(run.out, 'judge\n', run.err)
    })

    test(`${kind}, ${who}: a command in a stacked tree sees neither its layers nor the directory of the session`, async (t) => {
      const at = await host(t, { who })
      const shell = `ls ${at.state} 2>/dev/null; ls /run/pp; grep -c ' overlay ' /proc/self/mountinfo; umount . 2>/dev/null && echo gone; mount --bind / . 2>/dev/null && echo bound; ls /proc/1/root${at.state} 2>/dev/null; readlink /proc/self/fd/* | grep -c -e mnt: -e user: -e stack`
      const run = await outcome(engine(kind, at, shell, { files, layered: true }))
      t.regex(run.out, /^reports\n1\n0\n$/, run.err)
    })

    test(`${kind}, ${who}: an engine that is killed leaves no mount and no process of a stacked tree`, async (t) => {
      const at = await host(t, { who })
      const word = `4711${process.pid}${users.indexOf(who)}${kind.length}`
      const child = engine(kind, at, `setsid sleep ${word} & wait`, { files, layered: true })
      for (let n = 0; n < 200 && (await commandLines(`sleep ${word}`)).length === 0; n++) await sleep(50)
      t.true((await commandLines(`sleep ${word}`)).length > 0)
      const others = await namespacesWith(at.state)
      t.true(others > 0)
      child.kill('SIGKILL')
      for (let n = 0; n < 100 && (await namespacesWith(at.state)) > 0; n++) await sleep(50)
      t.is(await namespacesWith(at.state), 0)
      t.deepEqual(await commandLines(`sleep ${word}`), [])
      t.false((await fs.readFile('/proc/self/mountinfo', 'utf8')).includes(at.state))
    })
  }

/** How many processes of this machine see a mount below a directory. */
async function namespacesWith(dir: string): Promise<number> {
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const mounts = await Promise.all(pids.map((pid) => fs.readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '')))
  return mounts.filter((text) => text.includes(`${dir}/`)).length
}
