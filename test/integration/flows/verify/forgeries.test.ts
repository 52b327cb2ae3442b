import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { verify } from '../../../../src/engine/index.ts'
import { verifyPortably } from '../../../helpers/both.ts'
import { callerOf } from '../../../helpers/caller.ts'
import { FORGERIES } from '../../../helpers/forgeries/groups.ts'
import { DEFAULTS } from '../../../helpers/proof.ts'
import { sampled } from '../../../helpers/sample.ts'

/** The word of a verifier; 'refused' where it does not look. */
async function word(ask: Promise<readonly { verdict: string; reason: string }[]>): Promise<readonly [string, string]> {
  try {
    const results = await ask
    const last = results.at(-1)
    return [last?.verdict ?? 'nothing', last?.reason ?? '']
  } catch (error) {
    const refused = error instanceof Error && 'code' in error && error.code === 'USAGE'
    return [refused ? 'refused' : 'fault', String(error)]
  }
}

/** Repositories at once: a machine that is busy with a hundred of them gets nowhere. */
const AT_ONCE = 6
let free = AT_ONCE
const waiting: (() => void)[] = []

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (free > 0) free -= 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
}

// evaluation/shown/forgeries.ts reads the titles and what is logged here.
for (const { title, cases } of FORGERIES) {
  for (const { attack, verdict, lay } of sampled(cases, 8)) {
    test(`${title}: ${attack}`, (t) =>
      inTurn(async () => {
        const { proof, ask = {} } = await lay(t)
        const options = { ...DEFAULTS, proofs: [proof.commit], ...ask }
        const [command, why] = await word(verify(callerOf(proof.repo), options))
        const [portable, also] = await word(verifyPortably(proof.repo, options))
        t.log(`verdicts: ${command} ${portable}`)
        t.is(command, verdict, why)
        t.is(portable, verdict, also)
        await t.throwsAsync(fs.access(join(proof.repo.home, 'EVIL-RAN')))
      }))
  }
}
