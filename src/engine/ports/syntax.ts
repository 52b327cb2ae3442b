import type { CodeNode } from '../model/code.ts'
import type { FunctionSlice } from '../model/trace.ts'

/** Reads source code. No method ever throws because of the content of the text. */
export interface Syntax {
  /**
   * The outermost functions of a text in the order of their starts, and the functions inside of one that is too long to be
   * shown as a whole; null for an unknown language.
   */
  functions(path: string, text: string): Promise<readonly FunctionSlice[] | null>
  /** Whether a file is source of a known language, judged by its name. */
  knows(path: string): boolean
  /** Whether a text is shell code, which other code can load by any name: it has statements that only a shell has, and no error. */
  isShell(text: string): Promise<boolean>
  /** The code of a text as a tree; null for a language whose code is not understood, and for a text that is too large. */
  code(path: string, text: string): Promise<CodeNode | null>
}
