import { setFlagsFromString } from 'node:v8'

/** In percent of what is in use after a collection of garbage. */
const GROWTH = 30
/** In bytes that arrived from one program. */
const MUCH = 1024 * 1024

let slow = false

/**
 * V8 would let the heap grow to up to four times of what is in use before it collects garbage again. Of a long output, that is
 * more than 100 MB of texts that nobody needs any more. The flag is read anew after each collection; it stays as it is for
 * processes that read little, because code that is kept for the next process would no longer fit.
 */
export function growHeapSlowly(arrived: number): void {
  if (slow || arrived < MUCH) return
  slow = true
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
}
