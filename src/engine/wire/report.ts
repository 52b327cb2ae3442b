import { PpError } from '../model/error.ts'
import type { Caller } from '../model/options.ts'
import type { Verification } from '../model/verification.ts'
import { reportHtml } from '../report/html.ts'
import { reportMarkdown } from '../report/markdown.ts'
import { type Ground, onGround } from './ground.ts'
import { viewed } from './proofs.ts'
import { verifyAll } from './verify.ts'

export type ReportFormat = 'markdown' | 'html'

const FORMATS = { markdown: reportMarkdown, html: reportHtml } as const

/** One proof for readers elsewhere, with what a verifier says here. */
export function report(caller: Caller, proof: string | null, format: ReportFormat): Promise<string> {
  return onGround(caller, async (ground) => {
    const view = await viewed(caller, ground, proof)
    return FORMATS[format](view, await verified(caller, ground, view.commit === null ? proof : view.session))
  })
}

/** By the trust that git's own configuration names. Null where there is nothing to hold the proof against: a directory of another repository. */
async function verified(caller: Caller, ground: Ground, proof: string | null): Promise<Verification | null> {
  const trust = { key: [], trust: [], threshold: 1, allowUnsigned: false }
  const options = {
    ...trust,
    allowWeak: false,
    exact: false,
    require: 'all' as const,
    proofs: proof === null ? [] : [proof],
  }
  try {
    return (await verifyAll(caller, ground, options))[0]?.found ?? null
  } catch (error) {
    if (error instanceof PpError && error.code === 'NO_PROOF') return null
    throw error
  }
}
