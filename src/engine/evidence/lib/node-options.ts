/** The value of NODE_OPTIONS with one more module to load first. https://nodejs.org/api/cli.html#node_optionsoptions */
export function withRequired(options: string | undefined, file: string): string {
  const quoted = `"${file.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return options ? `${options} --require ${quoted}` : `--require ${quoted}`
}
