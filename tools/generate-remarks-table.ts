import { rules } from '../src/engine/core/overfitting/rules/index.generated.ts'
import { between, put } from './generated.ts'

/** Writes the table of the kinds of remarks in docs/reference.md from the rules; `--check` only says whether it is up to date. */
const PAGE = 'docs/reference.md'
const head = '| `kind` | the change |\n|---|---|'
const rows = rules.map(({ kind, finds }) => `| \`${kind}\` | ${finds} |`)
put(PAGE, between(PAGE, '<!-- remarks: generated -->', '<!-- end of remarks -->', `${head}\n${rows.join('\n')}`))
