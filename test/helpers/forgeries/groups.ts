import { bundles } from './bundles.ts'
import type { Group } from './case.ts'
import { moved } from './moved.ts'
import { policies } from './policies.ts'
import { repositories } from './repositories.ts'
import { statements } from './statements.ts'

/** Everything that somebody could try on a verifier, and what it has to answer. */
export const FORGERIES: readonly Group[] = [moved, statements, bundles, policies, repositories]
