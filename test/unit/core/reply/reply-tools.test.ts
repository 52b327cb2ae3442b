import test from 'ava'
import { HUNK, MENDED, outcomeOf, PATCH } from './replies.ts'

const mended = { 'src/shop.py': MENDED }
const both = { 'src/shop.py': MENDED.replace('0.19', '0.2') }
const [OLD, YOUNG] = ['    return result - 1', '    return result']
const [RATE, HIGHER] = ['RATE = 0.19', 'RATE = 0.2']
const FENCE = '```'
const block = (old: string, young: string, above = '', fence = ''): string =>
  `<<<<<<< SEARCH\n${above}${fence && `${fence}python\n`}${old}\n${fence && `${fence}\n`}=======\n${fence && `${fence}python\n`}${young}\n${fence && `${fence}\n`}>>>>>>> REPLACE\n`
const code = (text: string): string => `${FENCE}python\n${text}\n${FENCE}\n`
const pair = (first: string, old: string, second: string, young: string): string =>
  `${first}\n\n${code(old)}\n${second}\n\n${code(young)}\n`
const roo = (line: number): string => `:start_line:${line}\n-------\n`
const call = (path: string, old: string, young: string): string =>
  `<function=str_replace_editor>\n<parameter=command>str_replace</parameter>\n<parameter=path>${path}</parameter>\n<parameter=old_str>${old}</parameter>\n<parameter=new_str>\n${young}\n</parameter>\n</function>\n`

const read: Readonly<Record<string, readonly [reply: string, edits: Readonly<Record<string, string>>]>> = {
  'SEARCH blocks with line numbers above': [
    `<apply_diff>\n<path>src/shop.py</path>\n<diff>\n${block(RATE, HIGHER, roo(4))}\n${block(OLD, YOUNG, roo(12))}</diff>\n</apply_diff>`,
    both,
  ],
  'a SEARCH block with a fence in each half': [`src/shop.py\n${block(OLD, YOUNG, '', FENCE)}`, mended],
  'a SEARCH block that ends without the word': [`src/shop.py\n${block(OLD, YOUNG).replace(' REPLACE', '')}`, mended],
  'a quoted SEARCH block': [`src/shop.py\n${block(OLD, YOUNG)}`.replace(/^(?=.)/gm, '> '), mended],
  'a tag that names the file of the tags in it': [
    `<edit file="src/shop.py">\n<old>\n${OLD}\n</old>\n<new>\n${YOUNG}\n</new>\n</edit>`,
    mended,
  ],
  'edits in tags, each with its file': [
    `<change><file>src/shop.py</file><original>${OLD}</original><modified>${YOUNG}</modified></change>\n<change><file>conf/a.yaml</file><original>port: 1</original><modified>port: 2</modified></change>`,
    { ...mended, 'conf/a.yaml': 'name: a\nport: 2\nlast: yes' },
  ],
  'a tag of a tool around the parts': [
    `<str_replace>\n<path>src/shop.py</path>\n<old_str>${OLD}</old_str>\n<new_str>${YOUNG}</new_str>\n</str_replace>`,
    mended,
  ],
  'calls of functions in tags': [call('src/shop.py', OLD, YOUNG) + call('src/shop.py', RATE, HIGHER), both],
  'a tool that writes a file': [
    `<write_to_file>\n<path>src/shop.py</path>\n<content>\n${MENDED}</content>\n</write_to_file>`,
    mended,
  ],
  'an action that writes a file': [`<boltAction type="file" filePath="src/shop.py">\n${MENDED}</boltAction>`, mended],
  'tags in the text of an edit': [
    '<file><path>src/a.xml</path><content>\n<root>\n<old>1</old>\n</root>\n</content></file>',
    { 'src/a.xml': '<root>\n<old>1</old>\n</root>\n' },
  ],
  'a block before and one after': [pair('### src/shop.py\n\n**Original:**', OLD, '**Fixed:**', YOUNG), mended],
  'a block to find and one to put there': [pair('In `src/shop.py`, replace', OLD, 'with:', YOUNG), mended],
  'several pairs of blocks': [
    pair('`src/shop.py`\n\nBefore:', OLD, 'After:', YOUNG) + pair('Before:', RATE, 'After:', HIGHER),
    both,
  ],
  'a piece before and the whole file after': [
    pair('Original:', 'return result - 1  # wrong', 'src/shop.py, fixed:', MENDED.trimEnd()),
    mended,
  ],
  'a pair of blocks, and the diff': [pair('Before:', 'x - 1', 'After:', 'x') + PATCH, mended],
  'JSON with a diff as a list of lines': [JSON.stringify({ patch: PATCH.trimEnd().split('\n') }), mended],
  'JSON with lists of lines': [JSON.stringify({ path: 'src/shop.py', old_lines: [OLD], new_lines: [YOUNG] }), mended],
  'JSON with other names': [
    JSON.stringify({ file_path: 'src/shop.py', original_code: OLD, fixed_code: YOUNG }),
    mended,
  ],
  'words for the two sides of a file': [`src/shop.py\n${FENCE}diff\n--- original\n+++ fixed\n${HUNK}${FENCE}`, mended],
  'talk in the fence below a whole hunk': [`${FENCE}diff\n${PATCH}\nThis mends the sum.\n${FENCE}`, mended],
  'a heredoc of tee': [`tee src/shop.py > /dev/null <<'EOF'\n${MENDED}EOF\n`, mended],
  'a heredoc that takes tabs off': ["cat > src/a.sh <<-'EOF'\n\tls\n\t\tEOF\n", { 'src/a.sh': 'ls\n' }],
  'a heredoc that escapes for the shell': [
    'cat > src/a.sh <<EOF\necho \\$HOME \\\\n\nEOF\n',
    { 'src/a.sh': 'echo $HOME \\n\n' },
  ],
}
for (const [what, [reply, edits]] of Object.entries(read))
  test(`${what}: read`, (t) => t.deepEqual(outcomeOf(reply), edits))

const refused: Readonly<Record<string, readonly [reply: string, reason: string]>> = {
  'a pair that fits in several places': [
    pair('src/shop.py\nBefore:', '            return self', 'After:', '            return None'),
    'ambiguous',
  ],
  'a pair of what a program prints': [pair('src/shop.py before:', 'total 17', 'after:', 'total 18'), 'no-match'],
  'a pair for no file': [pair('Before:', OLD, 'After:', YOUNG), 'no-path'],
  'a pair for one of two files': [pair('In src/shop.py or test/shop.py replace', OLD, 'with', YOUNG), 'ambiguous-path'],
  'an insertion placed by its line alone': [
    '<insert><path>src/shop.py</path><insert_line>3</insert_line><new_str>x = 1</new_str></insert>',
    'no-diff',
  ],
  'a heredoc that a shell would change in parts': [`cat > src/a.sh <<EOF\necho \\$A $B\nEOF\n`, 'format'],
  'a fence that only one half has': [
    `src/shop.py\n<<<<<<< SEARCH\n${FENCE}\n${OLD}\n${FENCE}\n=======\n${YOUNG}\n>>>>>>> REPLACE\n`,
    'no-match',
  ],
}
for (const [what, [reply, reason]] of Object.entries(refused))
  test(`${what} is refused as ${reason}`, (t) => t.is(outcomeOf(reply), reason))
