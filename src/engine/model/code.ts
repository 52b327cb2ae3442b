/**
 * What a piece of code is, in words that all languages share. `binary`: two or more values with operators between them;
 * `case`: one branch of a `switch` or `match`; `entry`: a key with its value; `update`: an assignment that also reads its target,
 * such as `+=` and `++`; `catch`: the handler of an error; `mark`: an attribute or a decorator.
 */
export type CodeKind =
  | 'assign'
  | 'binary'
  | 'block'
  | 'call'
  | 'case'
  | 'catch'
  | 'class'
  | 'comment'
  | 'entry'
  | 'finally'
  | 'function'
  | 'global'
  | 'if'
  | 'import'
  | 'index'
  | 'list'
  | 'mark'
  | 'member'
  | 'name'
  | 'number'
  | 'return'
  | 'statement'
  | 'string'
  | 'throw'
  | 'try'
  | 'update'
  | 'other'

/** One piece of parsed code and the pieces inside of it. */
export interface CodeNode {
  readonly is: CodeKind
  /** What it is to the piece around it, in the words of its grammar: 'left', 'function', 'arguments'; null: the grammar has no word. */
  readonly role: string | null
  /** The lines on which it starts and ends; lines count from 1. */
  readonly line: number
  readonly end: number
  readonly text: string
  /** Keywords, operators and punctuation that stand directly in it, in order. */
  readonly operators: readonly string[]
  /** In order, without comments. */
  readonly children: readonly CodeNode[]
  readonly parent: CodeNode | null
}
