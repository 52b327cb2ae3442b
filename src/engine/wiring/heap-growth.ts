import { setFlagsFromString } from 'node:v8'

/** In percent of what is in use after a collection of garbage. */
const GROWTH = 30

/**
 * V8 would let the heap grow to up to four times of what is in use before it collects garbage again. Of a long output,
 * that is more than 100 MB of texts that nobody needs any more. The flag is read anew after each collection.
 */
export function growHeapSlowly(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
}
