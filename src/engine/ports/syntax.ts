import type { FunctionSlice } from '../model/trace.ts'

/** Finds the functions of a file. */
export interface Syntax {
  /**
   * The outermost functions of a text in the order of their starts, and the functions inside of one that is too long to be
   * shown as a whole; null for an unknown language. Never throws because of the content of the text.
   */
  functions(path: string, text: string): Promise<readonly FunctionSlice[] | null>
}
