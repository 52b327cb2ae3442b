/** The names of the parts of an edit, as tools call them. */
export const PATH = [
  'path',
  'file',
  'file_path',
  'filePath',
  'filepath',
  'filename',
  'fileName',
  'file_name',
  'target_file',
  'target',
  'name',
]
export const OLD = [
  'search',
  'old_string',
  'oldString',
  'old_str',
  'oldStr',
  'old_text',
  'oldText',
  'old',
  'find',
  'before',
  'original',
  'old_code',
  'oldCode',
  'original_code',
  'originalCode',
  'old_lines',
  'oldLines',
]
export const YOUNG = [
  'replace',
  'new_string',
  'newString',
  'new_str',
  'newStr',
  'new_text',
  'newText',
  'new',
  'replacement',
  'after',
  'updated',
  'new_code',
  'newCode',
  'modified',
  'fixed',
  'fixed_code',
  'fixedCode',
  'updated_code',
  'updatedCode',
  'new_lines',
  'newLines',
]
export const CONTENT = [
  'content',
  'contents',
  'new_content',
  'newContent',
  'file_content',
  'text',
  'file_text',
  'source',
  'body',
]
export const VERB = ['action', 'operation', 'op', 'type', 'command', 'kind']
/** Whether every occurrence of the old text is meant, and how many there should be. */
export const EVERY = ['replace_all', 'replaceAll', 'all_occurrences', 'allOccurrences']
export const TIMES = ['expected_replacements', 'expectedReplacements', 'expected_occurrences']
/** The line of the file at which the old text begins. */
export const START_LINE = ['start_line', 'startLine', 'line', 'line_number', 'lineNumber', 'first_line']
/** The function that holds the old text. */
export const SCOPE = ['function', 'function_name', 'functionName', 'method', 'symbol', 'scope']
/** Texts that may be diffs. */
const DIFFS = ['diff', 'patch', 'udiff', 'input']
const KEYS = new Set(
  [PATH, OLD, YOUNG, CONTENT, VERB, EVERY, TIMES, START_LINE, SCOPE, DIFFS].flat().map((key) => key.toLowerCase()),
)

const SHORT = new Set([PATH, VERB, EVERY, TIMES, START_LINE, SCOPE].flat().map((key) => key.toLowerCase()))

/** True for a name (in lower case) of a path or a verb; their values are a word or two. */
export function isShortKey(name: string): boolean {
  return SHORT.has(name)
}

/** True for a name (in lower case) that has a meaning in an edit. */
export function isKey(name: string): boolean {
  return KEYS.has(name) || RANGE.test(name) || name === 'encoding'
}

/** Next to a new content, these keys say that it replaces only these lines. */
export const RANGE =
  /^(start|end|first|last|from|to|insert|after|before|begin)?_?(line|lines|line_?no|line_?number|range|offset|position)s?$/i

/** True for a text in JSON, or the beginning of one, that has a key of an old text, a new text or a diff. */
export function asksForEdit(json: string): boolean {
  return [...json.matchAll(/["'](\w{1,40})["']\s*:/g)].some(({ 1: key = '' }) => {
    const name = key.toLowerCase()
    return KEYS.has(name) && !SHORT.has(name)
  })
}
