import type { LocalProofFacts, ProofView } from '../model/proof-view.ts'
import type { ReportFormat } from '../model/report-format.ts'
import type { Verification } from '../model/verification.ts'
import { reportGithub } from './github.ts'
import { reportHtml } from './html.ts'
import { reportJunit } from './junit.ts'
import { reportMarkdown } from './markdown.ts'
import type { ReportedProof } from './reported-proof.ts'
import { reportSarif } from './sarif.ts'

/** A format for people is about one proof, one for programs about any number of them. `version`: that of this tool. */
export type ReportWriter =
  | {
      readonly takes: 'one'
      readonly write: (view: ProofView, verified: Verification | null, here: LocalProofFacts) => string
    }
  | { readonly takes: 'many'; readonly write: (proofs: readonly ReportedProof[], version: string) => string }

/** How each format is written. */
export const REPORT_WRITERS: Readonly<Record<ReportFormat, ReportWriter>> = {
  markdown: { takes: 'one', write: reportMarkdown },
  html: { takes: 'one', write: reportHtml },
  junit: { takes: 'many', write: reportJunit },
  sarif: { takes: 'many', write: reportSarif },
  github: { takes: 'many', write: reportGithub },
}
