/**
 * Writes `docs/messages.md`: every sentence of the engine and the commands that people may read, in one place, so that a
 * reviewer reads them all. It is read from the sources: what is handed to an error, an outcome or a remark, and what stands
 * under a key for people (`reason`, `mend`, `message` …).
 *
 *     generate-messages [--check]
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = resolve(fileURLToPath(import.meta.url), '../..')
const TARGET = 'docs/messages.md'
const HEAD = `# Messages

Every sentence that the program says, by the file that says it; \`…\` stands for what is put in. Made by \`npm run generate\` from the sources: a changed message shows up here in the same change.
`
/** Functions whose arguments people read. */
const CALLS = new Set([
  'PpError',
  'outcome',
  'malformed',
  'note',
  'ok',
  'remarkOnce',
  'push',
  'usage',
  'refuse',
  'fault',
])
/** Keys of records whose values people read. */
const KEYS = new Set([
  'reason',
  'mend',
  'message',
  'text',
  'detail',
  'why',
  'warning',
  'description',
  'summary',
  'hint',
])

/** A text with `…` for everything that is put in; null for what is no sentence. */
function sentence(node: ts.Expression): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return words(node.text)
  if (ts.isTemplateExpression(node))
    return words(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''))
  return null
}

/** Programs and style sheets that are handed to others. */
const CODE = /^\s*(?:import \w|def \w+\(|:root \{)/m

/** Three words at least: shorter texts are names. */
function words(text: string): string | null {
  if (CODE.test(text)) return null
  const line = text.replace(/\s+/g, ' ').trim()
  const isProse = (line.match(/[A-Za-z]{2,}/g) ?? []).length >= 3 && line.includes(' ') && !/=>|\bconst\b/.test(line)
  return isProse ? line : null
}

function readBySomebody(node: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    const { parent } = at
    if (ts.isNewExpression(parent) || ts.isCallExpression(parent)) {
      const called = parent.expression
      const name = ts.isPropertyAccessExpression(called) ? called.name.text : ts.isIdentifier(called) ? called.text : ''
      return CALLS.has(name)
    }
    if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
      return ts.isIdentifier(parent.name) && KEYS.has(parent.name.text)
    if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return true
    if (ts.isVariableDeclaration(parent)) return true
    if (ts.isBlock(parent)) return false
  }
  return false
}

function messagesOf(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const text = ts.isExpression(node) ? sentence(node) : null
    if (text !== null && readBySomebody(node)) found.push(text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return [...new Set(found)]
}

const sources = execFileSync(
  'git',
  [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
    'src/engine/*.ts',
    'src/commands/*.ts',
    'src/verify/*.ts',
  ],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n')
  .sort()
const parts = sources.flatMap((path) => {
  const messages = messagesOf(path)
  return messages.length === 0 ? [] : [`## ${path}\n\n${messages.map((one) => `* ${one}`).join('\n')}\n`]
})
const text = [HEAD, ...parts].join('\n')
const target = join(ROOT, TARGET)
if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write(`${TARGET} is out of date; run: npm run generate\n`)
  process.exitCode = 1
}
