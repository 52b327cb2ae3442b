import type { FunctionSlice } from '../model/trace.ts'

/** Where the functions of a file are. */
export interface Syntax {
  /**
   * The outermost functions of a text in the order of their starts, and those within one that is too long to be shown
   * whole; null for a language that is not known. Never throws for what the text holds.
   */
  functions(path: string, text: string): Promise<readonly FunctionSlice[] | null>
}
