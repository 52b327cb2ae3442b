import * as fs from 'node:fs/promises'
import { basename } from 'node:path'
import { verify as command } from '../../src/engine/index.ts'
import type { VerifyOptions } from '../../src/engine/model/options.ts'
import type { Verification } from '../../src/engine/model/verification.ts'
import type { TrustRequest } from '../../src/verify/api.ts'
import { verify as portable } from '../../src/verify/index.ts'
import { callerOf } from './caller.ts'
import type { TestRepo } from './repo.ts'

/** What is the same whichever verifier was asked; how a file or a damage is called may differ. */
const essence = ({ verdict, commit, session, manifest, signatures, checks }: Verification) => ({
  verdict,
  commit,
  session,
  manifest,
  signatures,
  checks: checks.map(({ check, ok, word }) => [check, ok, word]),
})

/** The command's answer. Rejects where the portable verifier, asked for the same, says anything else. */
export async function verifyBoth(repo: TestRepo, options: VerifyOptions): Promise<Verification[]> {
  const said = await command(callerOf(repo), options)
  const also = await verifyPortably(repo, options)
  const [one, other] = [said, also].map((results) => JSON.stringify(results.map(essence), null, 1))
  if (one === other) return said
  const reasons = [said, also].map(([first]) => first?.reason).join(' / ')
  throw new Error(`the command and the portable verifier differ (${reasons}): ${one} ${other}`)
}

/** The same question, put to the portable verifier: what the command reads of files and git config comes as text. */
export async function verifyPortably(repo: TestRepo, options: VerifyOptions): Promise<readonly Verification[]> {
  const { proofs, key, keyEnv, mode, trust, trustFrom, threshold, policyFrom, maxAgeMs, ...same } = options
  const modes = mode === undefined ? {} : { mode }
  const text = (file: string) => fs.readFile(file, 'utf8')
  const keys = await Promise.all(key.map(async (file) => ({ text: await text(file), name: basename(file), ...modes })))
  if (keyEnv !== undefined) keys.push({ text: repo.env[keyEnv] ?? '', name: keyEnv, ...modes })
  const typed = keys.length + trust.length > 0 || trustFrom !== undefined
  const files = typed ? trust : await configured(repo)
  const lists = await Promise.all(files.map(async (file) => ({ text: await text(file), name: basename(file) })))
  const asked: TrustRequest = { keys, lists, ...(trustFrom === undefined ? {} : { from: trustFrom }) }
  const results: Verification[] = []
  for (const proof of proofs)
    results.push(
      ...(await portable({
        dir: repo.dir,
        proof,
        trust: asked,
        threshold,
        ...(policyFrom === undefined ? {} : { policyFrom }),
        ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
        ...same,
      })),
    )
  return results
}

async function configured(repo: TestRepo): Promise<string[]> {
  const file = await repo.git('config', '--global', 'gpg.ssh.allowedSignersFile').catch(() => '')
  return file.startsWith('/') ? [file] : []
}
