const SECTION = /^\s*\[([A-Za-z0-9.-]+)(?:[ \t]+"[^"\\]*")?\]\s*$/
/** A value that means exactly what is written: no quotes, escapes, comments and continued lines. */
const SETTING = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*([^"\\#;]*?)\s*)?$/

/**
 * The settings of a simple file of git config, as `section.key` in lower case without subsections. Null for a file with anything
 * that takes more than reading lines; git has to read that.
 */
export function simpleSettings(text: string): ReadonlyMap<string, readonly string[]> | null {
  const settings = new Map<string, string[]>()
  let section: string | undefined
  for (const line of text.split('\n')) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue
    const opened = SECTION.exec(line)?.[1]
    if (opened !== undefined) {
      section = opened
      continue
    }
    const [, key, value = 'true'] = SETTING.exec(line) ?? []
    if (key === undefined || section === undefined) return null
    const name = `${section}.${key}`.toLowerCase()
    settings.set(name, [...(settings.get(name) ?? []), value])
  }
  return settings
}

/** Settings with which git reads a repository in another way, or another repository. */
const UNUSUAL = /^(?:extensions|include|includeif)[.]|^core[.]worktree$/

/** Whether a repository with this file of config is of the usual kind: not bare, SHA-1, refs in files, nothing included. */
export function isUsualConfig(text: string): boolean {
  const settings = simpleSettings(text)
  if (settings === null || [...settings.keys()].some((name) => UNUSUAL.test(name))) return false
  const version = settings.get('core.repositoryformatversion') ?? []
  return (
    version.length === 1 && version[0] === '0' && (settings.get('core.bare') ?? []).every((bare) => bare === 'false')
  )
}
