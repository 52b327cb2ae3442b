/** What kind of judge a path is; null = product. `added`: the base does not have the file. */
export type JudgeClassifier = (
  path: string,
  context?: { readonly added?: boolean },
) => 'test' | 'config' | 'ci' | 'policy' | null
