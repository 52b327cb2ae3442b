import * as z from 'zod'
import { Target } from './command.ts'
import { Oid, SessionId, Sha256 } from './oid.ts'

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** The name of the predicate below. The host is reserved (RFC 2606), so nobody else can own this name. */
export const PREDICATE_TYPE = 'https://git-pp.invalid/attestation/proof/v1'
/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/**
 * `prover`: signed by the session that ran the proof. `endorser`: signed by somebody who checked these bytes later and ran
 * nothing.
 */
export const SignerRole = z
  .enum(['prover', 'endorser'])
  .meta({ description: 'A prover ran the commands. An endorser checked the bytes of the bundle.' })
export type SignerRole = z.infer<typeof SignerRole>

const digest = z.looseObject({ sha256: Sha256 })
const file = z.looseObject({ name: z.string(), digest })
const Tally = z.looseObject({ runs: z.int(), failed: z.int() })
const tree = z.looseObject({ gitTree: Oid })

/** The main facts of a proof, for readers who do not read the bundle. All except `role` is derived from the bundle. */
export const Predicate = z
  .looseObject({
    role: SignerRole,
    tool: z.looseObject({ name: z.string(), version: z.string() }),
    session: SessionId,
    kind: z.enum(['run', 'prove']),
    verdict: z.string(),
    base: z
      .looseObject({ gitCommit: Oid, gitTree: Oid, snapshot: z.boolean() })
      .describe('Where the change starts. snapshot: it includes uncommitted work.'),
    red: tree.describe(
      'The tree on which the command fails. PRESERVED: the tree without the change, on which it passes.',
    ),
    final: tree.describe('The tree of the proved commit.'),
    command: z.array(Target).describe('What was run, in order.'),
    policy: z
      .looseObject({
        name: z.string(),
        digest,
        source: z.array(z.looseObject({ path: z.string(), gitCommit: Oid.nullable(), gitBlob: Oid.nullable() })),
      })
      .describe('The policy in force, and the files it came from.'),
    environment: file,
    repro: file,
    patch: z.looseObject({ name: z.string(), digest, bytes: z.int() }).describe('The patch from base to final.'),
    manifest: z
      .looseObject({ digest, files: z.int(), bytes: z.int() })
      .describe('The whole bundle: sha256 of its manifest as canonical JSON.'),
    baseline: z.array(z.looseObject({ target: z.string(), ended: z.string(), failing: z.int() })),
    attempts: z.array(
      z.looseObject({ n: z.int(), gitCommit: Oid.nullable(), verdict: z.string(), proposer: z.string() }),
    ),
    runs: z
      .looseObject({ reds: z.int(), greens: z.int(), before: z.int().optional() })
      .describe('How many runs decided. before, PRESERVED only: green runs without the change.'),
    executed: z
      .looseObject({ lines: z.int(), ran: z.int(), notMeasured: z.int() })
      .optional()
      .describe(
        'PRESERVED only: how many of the changed lines that can run tests ran, and in how many changed files this was not measured.',
      ),
    trials: z
      .looseObject({ without: Tally, with: Tally, p: z.number() })
      .optional()
      .describe(
        'STABILIZED only: how often it failed without the change and with it, and the chance that this is luck.',
      ),
    sandbox: z
      .looseObject({
        kind: z.string(),
        version: z.string(),
        network: z.string(),
        enforces: z.record(z.string(), z.boolean()),
      })
      .describe('The sandbox backend, and what it enforced.'),
    redaction: z.looseObject({ hits: z.int() }).describe('In how many places of the output a secret was masked.'),
    startedAt: z.string().describe('RFC 3339, UTC; a claim of the signer.'),
    finishedAt: z.string().describe('RFC 3339, UTC; a claim of the signer.'),
  })
  .meta({ title: 'Predicate of git pp', description: `What an attestation of type ${PREDICATE_TYPE} says.` })
export type Predicate = z.infer<typeof Predicate>

/** An in-toto Statement v1 about one commit. Unknown fields are ignored, as in-toto requires. */
export const Statement = z.looseObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.tuple([z.looseObject({ name: z.literal('commit'), digest: z.strictObject({ gitCommit: Oid }) })]),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: Predicate,
})
export type Statement = z.infer<typeof Statement>

/** A DSSE envelope as one line of a note, with one signature at most: another signer writes another line. */
export const Envelope = z.looseObject({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z.array(z.looseObject({ keyid: z.string().optional(), sig: z.string() })).max(1),
})
export type Envelope = z.infer<typeof Envelope>
