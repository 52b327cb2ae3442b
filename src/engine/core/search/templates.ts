import type { RepairTemplate } from './repair-template.ts'
import { bound } from './templates/bound.ts'
import { chain } from './templates/chain.ts'
import { clause } from './templates/clause.ts'
import { comparison } from './templates/comparison.ts'
import { constant, string } from './templates/constant.ts'
import { documented } from './templates/documented.ts'
import { addend, expression } from './templates/donor.ts'
import { everywhere } from './templates/everywhere.ts'
import { bothEnds, exchange } from './templates/exchange.ts'
import { absent, guard } from './templates/guard.ts'
import { insertion } from './templates/insertion.ts'
import { keyword } from './templates/keyword.ts'
import { condition, connective, negation } from './templates/logic.ts'
import { name, opposite } from './templates/name.ts'
import { assignment, operator } from './templates/operator.ts'
import { order } from './templates/order.ts'
import { regex } from './templates/regex.ts'
import { remembered } from './templates/remembered.ts'
import { concatenation, distinct, sequence } from './templates/sequence.ts'
import { slice } from './templates/slice.ts'
import { statement } from './templates/statement.ts'
import { limit, wrap, wrapWhole } from './templates/wrap.ts'

export const TEMPLATES: readonly RepairTemplate[] = [
  comparison,
  operator,
  assignment,
  constant,
  connective,
  negation,
  bound,
  opposite,
  name,
  order,
  wrap,
  limit,
  slice,
  string,
  expression,
  addend,
  condition,
  statement,
  insertion,
  wrapWhole,
  everywhere,
  chain,
  clause,
  sequence,
  distinct,
  concatenation,
  remembered,
  guard,
  absent,
  exchange,
  bothEnds,
  documented,
  regex,
  keyword,
]

/** For the head of a function, where only default values can be wrong. */
export const HEAD_TEMPLATES: readonly RepairTemplate[] = [constant, string]
