import type { InvalidReason, RunConditions } from './run-conditions.ts'

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[?::1\]?|0\.0\.0\.0)$/
const REFUSED = [
  /\bECONNREFUSED (\[?[\w.:-]+\]?):\d+\b/,
  /\b(?:ENETUNREACH|EHOSTUNREACH)(?: ([\w.:-]+):\d+)?/,
  /\b(?:EAI_AGAIN|ENOTFOUND) ([\w.-]+)/,
  /\bCould not resolve host(?:name)?:? ([\w.-]+)/i,
  /\bdial tcp: lookup ([\w.-]+)/,
  /\bUnknownHostException: ([\w.-]+)/,
  /\b(?:Temporary failure in name resolution|Name or service not known|No address associated with hostname|failed to lookup address information)/,
  /\bNetwork is unreachable\b/,
]

/**
 * The reason if the closed network blocked a host. Loopback works inside the sandbox, so a refusal there is the command's own
 * problem.
 */
export function refusedNetwork(text: string, { network }: RunConditions): InvalidReason | null {
  if (network === 'allow') return null
  for (const pattern of REFUSED) {
    const match = pattern.exec(text)
    if (!match || LOOPBACK.test(match[1] ?? '')) continue
    return {
      reason: `the network is closed, but the command tried to reach ${match[1] ?? 'it'}`,
      mend: 'if it wanted to install something, install that beforehand (for example with npm ci); if the command may use the network, add --network allow',
    }
  }
  return null
}
