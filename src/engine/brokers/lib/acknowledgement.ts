/** What the subject says on which a delivered message is acknowledged. */
export interface Delivery {
  /** From 1. */
  readonly deliveries: number
  readonly sequence: number
  /** In ms: when the message was stored, by the clock of the broker. */
  readonly at: number
  /** How many messages follow. */
  readonly pending: number
}

/**
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<of the consumer>.<time>.<pending>`, in newer brokers with a domain and an
 * account before the stream, and a token at the end.
 */
export function readDelivery(reply: string): Delivery {
  const tokens = reply.split('.')
  const [deliveries, sequence, , time = '0', pending] = tokens.slice(tokens.length >= 11 ? 6 : 4)
  return {
    deliveries: Number(deliveries),
    sequence: Number(sequence),
    at: Number(BigInt(time) / 1_000_000n),
    pending: Number(pending),
  }
}
