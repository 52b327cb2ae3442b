import { join } from 'node:path'
import { digest, readJson, writeJson } from './gate-store.ts'

interface SessionProject {
  readonly directory: string
}

/**
 * The project directory of a session of an agent: the one that its first call named, if the one that is named now lies inside
 * of it. A repository that an agent makes or enters there is not the one that it was asked to work on.
 */
export async function projectOfSession(state: string, session: string, named: string): Promise<string> {
  const dir = join(state, 'gate', 'projects')
  const file = join(dir, `${digest(session).slice(0, 16)}.json`)
  const known = await readJson<SessionProject>(file)
  if (known !== null && `${named}/`.startsWith(`${known.directory}/`)) return known.directory
  const project: SessionProject = { directory: named }
  await writeJson(dir, file, project)
  return named
}
