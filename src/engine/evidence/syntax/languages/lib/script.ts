/** What JavaScript and TypeScript share. */
export const script = {
  functions: [
    'function_declaration',
    'generator_function_declaration',
    'function_expression',
    'generator_function',
    'arrow_function',
    'method_definition',
  ],
  holders: ['class_declaration', 'class', 'abstract_class_declaration'],
} as const
