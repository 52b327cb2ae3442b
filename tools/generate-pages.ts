import { bashCompletion } from '../src/commands/completion/bash.ts'
import { declaredVerbs } from '../src/commands/completion/declared.ts'
import { fishCompletion } from '../src/commands/completion/fish.ts'
import { zshCompletion } from '../src/commands/completion/zsh.ts'
import { VERBS } from '../src/commands/verbs.ts'
import { between, put } from './generated.ts'
import { optionTable, verbTable } from './pages/markdown.ts'
import { optionSections, synopsis, verbEntries } from './pages/roff.ts'

/**
 * Writes what verbs and their options say of themselves into the manual page, docs/reference.md and the completions; `--check`
 * only says whether they are up to date.
 */
const verbs = await declaredVerbs(VERBS)

const PAGE = 'docs/reference.md'
const withVerbs = between(PAGE, '<!-- verbs: generated -->', '<!-- end of verbs -->', verbTable(verbs))
put(PAGE, between(PAGE, '<!-- options: generated -->', '<!-- end of options -->', optionTable(verbs), withVerbs))

const MANUAL = 'man/git-pp.1'
const withForms = between(MANUAL, '.\\" verbs: generated', '.\\" end of verbs', synopsis(verbs))
const withVerbsTold = between(
  MANUAL,
  '.\\" what verbs do: generated',
  '.\\" end of what verbs do',
  verbEntries(verbs),
  withForms,
)
put(MANUAL, between(MANUAL, '.\\" options: generated', '.\\" end of options', optionSections(verbs), withVerbsTold))

put('contrib/completion/git-pp.bash', bashCompletion(verbs))
put('contrib/completion/git-pp.fish', fishCompletion(verbs))
put('contrib/completion/git-pp.zsh', zshCompletion(verbs))
