import { readdir } from 'node:fs/promises'
import test from 'ava'
import * as z from 'zod'
import { PpError } from '../../../src/engine/model/error.ts'
import type { ProposerAnswer } from '../../../src/engine/model/proposal.ts'
import type { Proposer, ProposerKind } from '../../../src/engine/ports/proposer.ts'
import { requestFor } from '../../unit/proposers/request.ts'

// What holds for every kind in the room, also for those of tomorrow.
const room = new URL('../../../src/engine/proposers/', import.meta.url)
const files = (await readdir(room)).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.generated.ts') && name !== 'index.ts',
)

async function load(file: string): Promise<ProposerKind> {
  const plug = (await import(new URL(file, room).href)) as { default: ProposerKind }
  return plug.default
}

for (const file of files) {
  const kind = file.slice(0, -3)

  test(`${kind} is named like its file and checks its options`, async (t) => {
    const plug = await load(file)
    t.is(plug.kind, kind)
    t.true(plug.options instanceof z.ZodType)
    t.true(plug.options.safeParse({}).success)
    t.true(plug.options.safeParse({ 'meant for another kind': 'x' }).success)
  })

  test(`${kind} opens with nothing set, or says what to set`, async (t) => {
    const plug = await load(file)
    const opened = await plug.open({ env: {}, named: true, settings: {} }).catch((error: unknown) => error)
    if (opened instanceof Error) {
      t.true(
        opened instanceof PpError && opened.code === 'PROPOSER_FAILED' && opened.mend !== undefined,
        String(opened),
      )
    } else {
      t.is((opened as Proposer).kind, kind)
    }
  })

  test(`${kind} ends when its time is over, with the reason`, async (t) => {
    const plug = await load(file)
    const settings = { model: 'm', command: 'sleep 60', stub: 'a\nb' }
    const env = { PATH: process.env['PATH'], PP_OPENAI_API_KEY: 'k', PP_OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
    const proposer = await plug.open({ env, named: true, settings })
    const budget = { ms: 200, searchMs: 200, tokens: null, candidates: 1_000_000 }
    const trial = () => new Promise<boolean>((resolve) => setTimeout(resolve, 5, false))
    const answer: ProposerAnswer = await proposer.propose(
      requestFor({ 'a.js': 'let a = b < 1\n'.repeat(50) }, { budget, trial }),
    )
    t.true(answer.how === 'reply' || ('reason' in answer && answer.reason.length > 10), JSON.stringify(answer))
  })
}
