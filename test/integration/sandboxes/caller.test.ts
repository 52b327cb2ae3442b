import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import { engine } from './lone-engine.ts'
import { commandLines, host, outcome, syntheticGit, users, working } from './machine.ts'

const exited = (code: number) => ({ how: 'exited' as const, code })

for (const kind of await working()) {
  for (const who of users)
    test(`${kind}: what ${who} runs is judged by its own end`, async (t) => {
      const at = await host(t, { who })
      const shell = `id -u; id -g; pwd; echo err >/dev/stderr; exit 3`
      const run = await outcome(engine(kind, at, shell))
      t.deepEqual([run.probe, run.ended, run.err], [null, exited(3), 'err\n'])
      t.is(run.out, `${at.uid}\n${at.gid}\n${at.checkout}\n`)
    })

  for (const who of users)
    test(`${kind}: everything dies with the engine of ${who}, even by kill -9`, async (t) => {
      const at = await host(t, { who })
      const word = `1012.${process.pid}${kind.length}${users.indexOf(who)}`
      const child = engine(kind, at, `(setsid sleep ${word} &); env -i sleep ${word} & wait`)
      const sleepers = async () => (await commandLines(word)).filter((line) => line.startsWith('sleep'))
      while (child.exitCode === null && (await sleepers()).length < 2) await delay(20)
      t.is((await sleepers()).length, 2)
      child.kill('SIGKILL')
      await delay(300)
      t.deepEqual(await commandLines(word), [])
    })

  for (const who of users)
    test(`${kind}: node --test and git work for ${who}, loopback included`, async (t) => {
      const at = await host(t, { who })
      const loopback = `import test from 'node:test'
        import net from 'node:net'
        test('loopback', (t, done) => {
          const server = net.createServer((client) => client.end()).listen(0, '127.0.0.1', () =>
            net.connect(server.address().port).on('close', () => server.close(done)).resume())
        })`
      const files = { 'sum.test.mjs': loopback }
      const git = await syntheticGit(at, files)
      const shell = `node --test && echo >>sum.test.mjs && git status --short && git log --format=%s &&
        git -c user.name=A -c user.email=a commit -qam two && git log --format=%s`
      const run = await outcome(engine(kind, at, shell, { files: { ...files, '.git': 'gitdir: /elsewhere' }, git }))
      t.deepEqual(run.ended, exited(0), run.out + run.err)
      t.regex(run.out, /^# pass 1$/m)
      t.true(run.out.endsWith('\n M sum.test.mjs\nthe tree\ntwo\nthe tree\n'), run.out)
    })

  for (const who of users)
    test(`${kind}: an include of ${who} is writable in the run, and stays as it was`, async (t) => {
      const at = await host(t, { who })
      const source = path.join(at.checkout, 'node_modules')
      await fs.mkdir(source)
      await fs.writeFile(path.join(source, 'dep.js'), 'original')
      for (const file of [source, path.join(source, 'dep.js')]) await fs.chown(file, at.uid, at.gid)
      const job = { includes: [{ path: 'node_modules', source, directory: true }] }
      const shell = 'cd node_modules && echo changed >dep.js && mkdir .cache && mv dep.js new.js && cat new.js'
      const run = await outcome(engine(kind, at, shell, { job }))
      t.deepEqual([run.out, run.ended], ['changed\n', exited(0)], run.err)
      t.deepEqual(await fs.readdir(source), ['dep.js'])
      t.is(await fs.readFile(path.join(source, 'dep.js'), 'utf8'), 'original')
      t.deepEqual(await fs.readdir(run.dir), [])
    })
}
