import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import type { Enforcement } from '../../../src/engine/ports/sandbox.ts'
import { ATTACK, world } from '../../helpers/attack.ts'
import { EXHAUSTIONS } from '../../helpers/exhaust.ts'
import { commandLines, engine, host, outcome, syntheticGit, users, working } from './machine.ts'

/** bwrap's own init has no more rights than the command: what the command could learn or spoil there is the command itself. */
const OF_ITSELF: Readonly<Record<string, readonly string[]>> = {
  bubblewrap: ["trace the sandbox's own init", 'leave through /proc/1/root'],
}

async function attacked(t: Parameters<typeof host>[0], sandbox: string, who: (typeof users)[number]) {
  const at = await host(t, { who })
  const toolchain = path.join(at.home, '.cargo')
  const prey = { ...at, path: `${toolchain}/bin:${at.path}` }
  const { targets, hits } = await world(t, prey, toolchain, 'judge.txt')
  const git = await syntheticGit(at, { 'judge.txt': 'judge' })
  const script = await fs.readFile(ATTACK, 'utf8')
  const files = { '.git': 'gitdir: /elsewhere\n', 'judge.txt': 'judge', 'attack-file': '', 'attack.py': script }
  const command = { argv: ['/usr/bin/python3', 'attack.py', JSON.stringify(targets)] }
  const more = { files, git, job: { command, readOnly: ['judge.txt'] } }
  const run = await outcome(engine(sandbox, prey, '', more, { env: { ...process.env, PP_SECRET_KEY: 'x' } }))
  t.deepEqual(run.ended, { how: 'exited', code: 0 }, run.err)
  const rows = Object.entries(JSON.parse(run.out) as Record<string, string>)
  t.log(['', ...rows.map(([name, answer]) => `${name.padEnd(44)} ${answer}`)].join('\n'))
  return { rows, hits, open: rows.filter(([, answer]) => answer === 'open').map(([name]) => name), dir: run.dir }
}

const kinds = await working()

for (const kind of kinds)
  for (const who of users)
    test(`${kind}: no attack of ${who} gets out`, async (t) => {
      const { rows, hits, open, dir } = await attacked(t, kind, who)
      t.true(rows.length > 45)
      t.deepEqual(
        open.filter((name) => !OF_ITSELF[kind]?.includes(name)),
        [],
      )
      t.deepEqual(hits, [])
      const tick = () => fs.readFile(path.join(dir, 'tick'), 'utf8').catch(() => '')
      const before = await tick()
      await delay(200)
      t.is(await tick(), before, 'a daemon lives on')
      t.is(await fs.readFile(path.join(dir, '.git'), 'utf8'), 'gitdir: /elsewhere\n')
    })

// As an ordinary user, so that no machine is harmed.
test('the attacks are real: without a sandbox they succeed', async (t) => {
  const { open, hits } = await attacked(t, 'none', users.at(-1) ?? 'the caller')
  const expected = [
    ...['tcp to loopback', 'unix socket, state', 'unix socket, home', 'unix socket, tmp'],
    ...['write a toolchain', 'write the state directory', "write the repository's hooks", 'rewrite the .git pointer'],
    ...['read ~/.ssh/id_rsa', 'read ~/.npmrc', 'read a credential inside a toolchain', 'read a token in .git/config'],
    ...['read a file beside the checkout', 'make a user namespace'],
  ]
  t.deepEqual(
    expected.filter((name) => !open.includes(name)),
    [],
  )
  t.deepEqual([...new Set(hits)].sort(), ['abstract', 'home', 'state', 'tcp', 'tmp', 'udp'])
})

/** What an attack on memory and processes needs to be stopped by; the others are stopped anyway. */
const NEEDED: Readonly<Record<string, keyof Enforcement>> = {
  'take more memory than the limit': 'memory',
  'start more processes than the limit': 'processCount',
}

/** Each row, and whether the sandbox said of itself that it would be stopped. */
async function exhausted(t: Parameters<typeof host>[0], sandbox: string, who: (typeof users)[number]) {
  const rows: { readonly name: string; readonly open: boolean; readonly claimed: boolean }[] = []
  for (const [n, { name, bounds, shell }] of EXHAUSTIONS.entries()) {
    const at = { ...(await host(t, { who })), bounds }
    const word = `1024.${process.pid}${sandbox.length}${users.indexOf(who)}${n}`
    const { out, enforces } = await outcome(engine(sandbox, at, shell(word)))
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
