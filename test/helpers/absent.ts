import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A path that is on no machine; names that merely sound like it may be on some. */
export const ABSENT = join(tmpdir(), `pp-absent-${randomUUID()}`)
