import test from 'ava'
import { canonicalJson, sha256 } from '../../../../src/engine/core/bytes/index.ts'
import type { ReadAttestations } from '../../../../src/engine/flows/verify/check-proof.ts'
import { bundlesInOrder } from '../../../../src/engine/flows/verify/choose-bundles.ts'
import type { Verifier } from '../../../../src/engine/ports/signer.ts'

const session = (n: number) => `01k900000000000000000000${String(n).padStart(2, '0')}`

/** A line of a note with what the order looks at. */
function line(n: number): string {
  const repro = { utf8: JSON.stringify({ session: session(n) }) }
  return JSON.stringify({ files: { 'repro.json': repro }, manifest: [{ name: `file ${n}` }] })
}

/** A signature of each of these lines. */
function attestations(lines: readonly string[]): ReadAttestations {
  const attested = lines.map((one) => {
    const digest = { sha256: sha256(canonicalJson(JSON.parse(one).manifest)) }
    return {
      statement: { predicate: { manifest: { digest } } },
      message: Buffer.from(one),
      signature: Buffer.from('s'),
    }
  })
  return { attested, malformed: 0 } as unknown as ReadAttestations
}

/** Trusts what signed these lines, and notes what it was asked about. */
function trusting(lines: readonly string[]) {
  const asked: string[] = []
  const check = async (message: Uint8Array) => {
    asked.push(Buffer.from(message).toString())
    return lines.includes(asked.at(-1) ?? '') ? { name: 'key', mode: 'ed25519', key: 'k', fingerprint: null } : null
  }
  return { asked, verifiers: [{ check } as unknown as Verifier] }
}

async function order(generator: ReturnType<typeof bundlesInOrder>): Promise<string[]> {
  const found: string[] = []
  for await (const one of generator) found.push(`${one.signed ? 'signed' : 'unsigned'} ${one.line}`)
  return found
}

test('signed bundles come first, then ours before those of remotes, then the newest', async (t) => {
  const [ours, remote] = [
    [line(1), line(3)],
    [line(9), line(5)],
  ]
  const { verifiers } = trusting([line(5), line(1)])
  t.deepEqual(await order(bundlesInOrder([ours, remote], attestations([...ours, ...remote]), verifiers, null)), [
    `signed ${line(1)}`,
    `signed ${line(5)}`,
    `unsigned ${line(3)}`,
    `unsigned ${line(9)}`,
  ])
})

test('bundles of the session that was named come before signed ones of others', async (t) => {
  const lines = [line(1), line(2), line(3)]
  const { verifiers } = trusting([line(3)])
  const [first, second] = await order(bundlesInOrder([lines], attestations(lines), verifiers, session(1)))
  t.is(first, `unsigned ${line(1)}`)
  t.is(second, `signed ${line(3)}`)
})

test('whoever takes the first bundle of a hundred pays for one signature', async (t) => {
  const lines = Array.from({ length: 100 }, (_, n) => line(n))
  const { asked, verifiers } = trusting(lines)
  for await (const one of bundlesInOrder([lines], attestations(lines), verifiers, null)) {
    t.is(one.line, line(99))
    break
  }
  t.deepEqual(asked, [line(99)])
})

test('without a trusted key no signature is checked', async (t) => {
  const lines = [line(1), line(2)]
  t.deepEqual(await order(bundlesInOrder([lines], attestations(lines), [], null)), [
    `unsigned ${line(2)}`,
    `unsigned ${line(1)}`,
  ])
})
