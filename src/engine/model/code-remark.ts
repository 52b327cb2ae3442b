import * as z from 'zod'

/** More remarks than this help no reviewer; a record has no more. */
export const MOST_REMARKS = 50

/** A place in a change that a reviewer should look at. It never influences a verdict. Lines count from 1. */
export const CodeRemark = z.strictObject({
  path: z.string(),
  line: z.int().min(1),
  /** The rule that found it; records of other versions may hold kinds that this version does not know. */
  kind: z.string(),
  /** 1 sentence for a person; it begins with path and line. */
  sentence: z.string(),
})
export type CodeRemark = z.infer<typeof CodeRemark>

/** `remarks.json`: the strongest first. */
export const CodeRemarks = z.array(CodeRemark).max(MOST_REMARKS)
