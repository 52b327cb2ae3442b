import { PATCH, SHOP } from '../replies.ts'
import { answering, both, cases, fenced, mended, OLD, RATE_PATCH, type ReplyCase, YOUNG } from './case.ts'

const json = (value: unknown): string => JSON.stringify(value)
const edit = (old: string, young: string, more = {}): object => ({
  path: 'src/shop.py',
  old_string: old,
  new_string: young,
  ...more,
})
const call = (old: string, young: string): string => json({ name: 'edit', arguments: edit(old, young) })
const tag = (old: string, young: string): string =>
  `<invoke name="edit">\n<parameter name="path">src/shop.py</parameter>\n<parameter name="old_str">${old}</parameter>\n<parameter name="new_str">${young}</parameter>\n</invoke>\n`
const first = call(OLD, YOUNG)
const second = call('RATE = 0.19', 'RATE = 0.2')
const none = SHOP.replaceAll('            return self', '            return None')
const guard = ['            return self', '            return None'] as const
const removeOnly = SHOP.replace(/(def remove[\s\S]*?) {12}return self/, '$1            return None')

const cut = cases('truncated', {
  'a call whose new text is cut': first.slice(0, -6),
  'a call that lacks its last brackets': first.slice(0, -2),
  'the second of two calls is cut': `${first}\n${second.slice(0, -12)}`,
  'a list of edits is cut': json({ edits: [edit(OLD, YOUNG), edit('RATE = 0.19', 'RATE = 0.2')] }).slice(0, -20),
  'a call in a tag is cut': `<tool_call>\n${first.slice(0, -9)}`,
  'a call in tags is cut in its new text': tag(OLD, `${YOUNG} + fees(prices)`).split('fees')[0] ?? '',
  'the second of two calls in tags is cut': tag(OLD, YOUNG) + (tag('RATE = 0.19', 'RATE = 0.2').split('0.2<')[0] ?? ''),
  'a call is cut after a finished one in talk': `I mend the sum and the rate.\n\n${first}\n\n${second.slice(0, 60)}`,
  'a fenced call is cut': `\`\`\`json\n${json(edit(OLD, 'x'.repeat(30))).slice(0, -12)}`,
  'a call with the quotes of Python is cut': `{'path': 'src/shop.py', 'old_string': '${OLD}', 'new_string': '    return res`,
})

const channel = (name: string, text: string, end = '<|end|>'): string =>
  `<|start|>assistant<|channel|>${name}<|message|>${text}${end}`
const draft = `Maybe this:\n${answering('return result + 7')}`
const channels = [
  ...cases(mended, {
    'a draft in the thoughts, and the call': `${channel('analysis', draft)}${channel('commentary to=functions.apply_patch <|constrain|>json', json({ input: PATCH }), '<|call|>')}`,
    'a draft in the thoughts, and a call of edits': `${channel('analysis', draft)}${channel('commentary to=functions.edit <|constrain|>json', json(edit(OLD, YOUNG)), '<|call|>')}`,
    'a preamble before the final answer': `${channel('analysis', draft)}${channel('commentary', 'I mend the sum.')}${channel('final', PATCH, '<|return|>')}`,
    'thoughts in other marks': `<|begin_of_thought|>\n${draft}\n<|end_of_thought|>\n${PATCH}`,
    'a draft in a tag': `<draft>\n${draft}\n</draft>\n\n<answer>\n${PATCH}</answer>\n`,
  }),
  ...cases('truncated', {
    'thoughts alone': channel('analysis', draft),
    'thoughts without an end': `<|channel|>analysis<|message|>${draft}`,
  }),
  ...cases('no-diff', {
    'a draft, and a call that is no edit': `${fenced(answering('return result + 7'))}\n<tool_call>\n${json({ name: 'shell', arguments: { command: "sed -i 's/result - 1/result/' src/shop.py" } })}\n</tool_call>\n`,
  }),
  ...cases('no-diff', {
    'a draft in the thoughts, and a call that is no edit': `${channel('analysis', draft)}${channel('commentary to=functions.shell <|constrain|>json', json({ command: ['sed', '-i', 's/ - 1//', 'src/shop.py'] }), '<|call|>')}`,
  }),
  ...cases('conflict', {
    'a draft in a fence, and a call of another edit': `${fenced(answering('return result + 7'))}\n${tag(OLD, YOUNG)}`,
  }),
  ...cases(mended, {
    'the same in a fence and in a call': `${fenced(PATCH)}\n${tag(OLD, YOUNG)}`,
  }),
]

const K = ['<|tool_calls_section_begin|>', '<|tool_call_begin|>', '<|tool_call_argument_begin|>', '<|tool_call_end|>']
const D = [
  '<｜tool▁calls▁begin｜>',
  '<｜tool▁call▁begin｜>',
  '<｜tool▁sep｜>',
  '<｜tool▁call▁end｜>',
  '<｜tool▁calls▁end｜>',
]
const args = [json(edit(OLD, YOUNG)), json(edit('RATE = 0.19', 'RATE = 0.2'))]
const tokens = [
  ...cases(both, {
    'tokens around the arguments': `${K[0]}${args.map((one, n) => `${K[1]}functions.edit:${n}${K[2]}${one}${K[3]}`).join('')}<|tool_calls_section_end|>`,
    'tokens and fences around the arguments': `${D[0]}${args.map((one) => `${D[1]}function${D[2]}edit\n\`\`\`json\n${one}\n\`\`\`${D[3]}`).join('\n')}${D[4]}`,
    'calls parted by a token': `${first}<|eom_id|>${second}<|eot_id|>`,
    'a token before the calls': `<|python_tag|>${first}; ${second}`,
    'a list of calls after its mark': `[TOOL_CALLS][${first}, ${second}]</s>`,
    'calls one below the other': `<tool_call>\n${first}\n</tool_call>\n<tool_call>\n${second}\n</tool_call>\n`,
  }),
  ...cases(
    { 'src/shop.py': SHOP.replace('RATE = 0.19', 'RATE = 0.19\nEND = "<|endoftext|>"') },
    {
      'a token in the code': `--- a/src/shop.py\n+++ b/src/shop.py\n@@ -3,2 +3,3 @@\n # Prices are net.\n RATE = 0.19\n+END = "<|endoftext|>"\n`,
    },
  ),
  ...cases(mended, { 'a token at the end': `${PATCH}<|im_end|>` }),
]

const everywhere = [
  ...cases(
    { 'src/shop.py': none },
    {
      replace_all: json(edit(...guard, { replace_all: true })),
      'replaceAll in a list': json({
        file: 'src/shop.py',
        edits: [{ oldText: guard[0], newText: guard[1], replaceAll: true }],
      }),
      'replace_all as a parameter': `<invoke name="edit">\n<parameter name="path">src/shop.py</parameter>\n<parameter name="old_str">${guard[0]}</parameter>\n<parameter name="new_str">${guard[1]}</parameter>\n<parameter name="replace_all">true</parameter>\n</invoke>`,
      'a number of replacements': json(edit(...guard, { expected_replacements: 2 })),
    },
  ),
  ...cases(mended, { 'replace_all of a text that stands once': json(edit(OLD, YOUNG, { replace_all: true })) }),
  ...cases('ambiguous', {
    'replace_all is false': json(edit(...guard, { replace_all: false })),
    'another number of replacements': json(edit(...guard, { expected_replacements: 3 })),
  }),
]

const roo = (line: number): string =>
  `<apply_diff>\n<path>src/shop.py</path>\n<diff>\n<<<<<<< SEARCH\n:start_line:${line}\n-------\n${guard[0]}\n=======\n${guard[1]}\n>>>>>>> REPLACE\n</diff>\n</apply_diff>`
const lines = [
  ...cases(
    { 'src/shop.py': removeOnly },
    {
      'a start line above a SEARCH block': roo(31),
      'a start line beside the texts': json(edit(...guard, { start_line: 31 })),
      'a line beside the texts': json({ path: 'src/shop.py', line: 31, old: guard[0], new: guard[1] }),
    },
  ),
  ...cases('ambiguous', {
    'a start line that is neither': roo(28),
    'a start line beside the texts that is neither': json(edit(...guard, { start_line: 28 })),
  }),
  ...cases(mended, { 'a wrong start line of a text that stands once': json(edit(OLD, YOUNG, { start_line: 3 })) }),
]

export const calls: readonly ReplyCase[] = [
  ...cut,
  ...channels,
  ...tokens,
  ...everywhere,
  ...lines,
  ...cases(both, { 'two patches of one answer': `${fenced(PATCH)}\n${fenced(RATE_PATCH)}` }),
]
