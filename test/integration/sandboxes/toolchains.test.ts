import * as fs from 'node:fs/promises'
import { homedir } from 'node:os'
import * as path from 'node:path'
import test from 'ava'
import type { SandboxHost } from '../../../src/engine/ports/sandbox.ts'
import { where } from '../../helpers/needs.ts'
import { engine } from './lone-engine.ts'
import { complained, host, job, outcome, plugOf, said, users, working, workspace } from './machine.ts'

const kinds = await working()
const CRATE = {
  'Cargo.toml': '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs': '#[test]\nfn adds() {\n    assert_eq!(1 + 1, 2);\n}\n',
}

/** Homes of the toolchain that runs these tests, where there is one. */
const rustup = process.env['RUSTUP_HOME'] ?? path.join(homedir(), '.rustup')
const cargo = process.env['CARGO_HOME'] ?? path.join(homedir(), '.cargo')
const isThere = await fs.access(path.join(rustup, 'toolchains')).then(
  () => fs.access(path.join(cargo, 'bin/cargo')).then(() => true),
  () => false,
)

for (const kind of kinds)
  where(isThere, 'there is no rustup')(
    `${kind}: cargo test works under a HOME that is not the user's, and under the user's own`,
    async (t) => {
      const at = await host(t)
      const tree = await workspace(at, CRATE)
      const env = { PATH: `${cargo}/bin:${at.path}`, RUSTUP_HOME: rustup, CARGO_HOME: cargo }
      for (const home of [at.home, homedir()]) {
        const sandbox = await (await plugOf(kind)).open({ ...at, home, path: env.PATH })
        const run = await sandbox.run(job(at, tree, 'cargo test --offline', { env, timeoutMs: 120_000 }))
        t.deepEqual(run.ended, { how: 'exited', code: 0 }, said(run) + complained(run))
        t.regex(said(run), /1 passed/)
      }
    },
  )

/** What rustup does: it makes sure of its home, and starts the program that lies there. */
const SHIM = '#!/bin/sh\nmkdir -p "$RUSTUP_HOME" && exec "$RUSTUP_HOME/toolchains/own/bin/cargo" "$@"\n'

async function shimmed(at: SandboxHost): Promise<Record<string, string>> {
  const place = path.join(path.dirname(at.home), 'elsewhere')
  const files = { 'cargo/bin/cargo': SHIM, 'rustup/toolchains/own/bin/cargo': '#!/bin/sh\necho "found $1"\n' }
  for (const [name, text] of Object.entries(files)) {
    await fs.mkdir(path.join(place, path.dirname(name)), { recursive: true })
    await fs.writeFile(path.join(place, name), text, { mode: 0o755 })
  }
  await fs.writeFile(path.join(place, 'cargo/credentials.toml'), 'token')
  return { PATH: `${place}/cargo/bin:${at.path}`, RUSTUP_HOME: `${place}/rustup`, CARGO_HOME: `${place}/cargo` }
}

for (const kind of kinds)
  for (const who of users)
    test(`${kind}, as ${who}: a toolchain is found where its variable points, and no credential beside it`, async (t) => {
      const at = await host(t, { who })
      const env = await shimmed(at)
      const shell = 'cargo test; ls "$CARGO_HOME"; echo x >"$RUSTUP_HOME/x"'
      const on = { ...at, path: env['PATH'] ?? at.path }
      const { out, err } = await outcome(engine(kind, on, shell, { job: { env } }))
      t.is(out, 'found test\nbin\n', err)
      t.regex(err, /Read-only file system/)
    })
