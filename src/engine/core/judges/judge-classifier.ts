/** What a path is to a verdict; null = product. `added`: the base does not have it. */
export type JudgeClassifier = (
  path: string,
  context?: { readonly added?: boolean },
) => 'test' | 'config' | 'ci' | 'policy' | null
