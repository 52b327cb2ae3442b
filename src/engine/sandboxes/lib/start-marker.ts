/** Splits a stream at the first line that is a start marker. */
export interface StartMarker {
  push(chunk: Uint8Array): void
  /** The text before the marker line; at most 16 KiB of it. */
  before(): string
  /** Resolves when the marker line has arrived. */
  readonly seen: Promise<void>
}

const MOST = 16 * 1024

/** Passes on everything after the line `mark`; the line itself is dropped. */
export function awaitStartMarker(mark: string, after: (chunk: Uint8Array) => void): StartMarker {
  const line = Buffer.from(`${mark}\n`)
  let pending: Buffer | null = Buffer.alloc(0)
  let before = ''
  let resolve = () => {}
  const seen = new Promise<void>((done) => {
    resolve = done
  })
  const keep = (bytes: Uint8Array) => {
    if (before.length < MOST) before += Buffer.from(bytes).toString('utf8')
  }
  return {
    seen,
    before: () => before + (pending?.toString('utf8') ?? ''),
    push(chunk) {
      if (pending === null) return after(chunk)
      const all: Buffer = Buffer.concat([pending, chunk])
      const at = all.indexOf(line)
      const cut = at < 0 ? Math.max(0, all.length - line.length) : at
      keep(all.subarray(0, cut))
      pending = at < 0 ? all.subarray(cut) : null
      if (at < 0) return
      resolve()
      if (all.length > at + line.length) after(all.subarray(at + line.length))
    },
  }
}
