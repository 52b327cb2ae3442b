/** The commands of "On a fresh machine", one a line, without their comments. */
export function fresh(readme: string): readonly string[] {
  const [, section = ''] = /^## On a fresh machine\n([\s\S]*?)^## /m.exec(readme) ?? []
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/(^|\s)#.*$/, '').trim())
  const commands = lines.filter((line) => line !== '')
  if (commands.length === 0) throw new Error('README.md says no command under "On a fresh machine"')
  return commands
}
