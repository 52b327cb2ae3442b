import type { CodeNode } from '../../model/code.ts'
import type { DottedNames } from './dotted-names.ts'
import type { TestTexts } from './texts-of-tests.ts'

/** A product file that a change adds or edits. */
export interface ChangedCode {
  readonly path: string
  /** Null: the change adds the file. */
  readonly before: CodeNode | null
  readonly after: CodeNode
  /** The lines of `after` that are new. Lines that only moved are not. */
  readonly added: ReadonlySet<number>
}

/** What a rule looks at: one changed file. */
export interface RuleInput extends ChangedCode {
  /** All pieces of the new text in order, without the texts that only document. */
  readonly nodes: readonly CodeNode[]
  /** Those of them that start on an added line. */
  readonly fresh: readonly CodeNode[]
  readonly names: DottedNames
  /** The file before the change: whether it used a dotted name or something out of it, and its numbers and strings. */
  readonly earlier: { uses(name: string): boolean; readonly values: ReadonlySet<string> }
  readonly tests: TestTexts
}

/** A place that a rule found. */
export interface Finding {
  readonly line: number
  /** The rest of a sentence that begins with the place: 'ends the process'. */
  readonly does: string
  /** How likely it is that a reviewer wants to know it, from 0 to 1; 1: ordinary product code hardly ever does this. */
  readonly strength: number
}

/**
 * A kind of code that makes a test pass without doing what was meant. A file of the folder `rules`: `export default` one of
 * these.
 */
export interface OverfittingRule {
  readonly kind: string
  /** What it finds, for the reference: a clause after 'The change'. */
  readonly finds: string
  find(input: RuleInput): readonly Finding[]
}
