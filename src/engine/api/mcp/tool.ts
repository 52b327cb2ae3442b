import type * as z from 'zod'

/** What a tool may use of the request that called it. */
export interface ToolRequest {
  /** Aborted if the client cancels the request or goes away. */
  readonly cancelled: AbortSignal
  /** Tells the client what happens, if it asked for that. */
  tell(line: string): void
}

/** What a tool makes of things that it only reads. */
type Unchanged<T> = T extends readonly (infer One)[]
  ? readonly Unchanged<One>[]
  : T extends object
    ? { readonly [Key in keyof T]: Unchanged<T[Key]> }
    : T

/** An answer for people and, with the same facts, for programs. */
export interface ToolAnswer<Answer extends z.ZodObject> {
  readonly text: string
  readonly structured: Unchanged<z.input<Answer>>
}

/** What a program must not expect from the tool, in the words of the protocol. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** One tool, without the protocol. `call` throws a PpError for what could not be done. */
export interface Tool<Question extends z.ZodObject = z.ZodObject, Answer extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly question: Question
  readonly answer: Answer
  readonly annotations: ToolAnnotations
  // A method, so that a list may hold tools with different questions.
  call(question: z.output<Question>, request: ToolRequest): Promise<ToolAnswer<Answer>>
}
