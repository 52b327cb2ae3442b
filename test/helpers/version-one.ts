import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { NOTES } from '../../src/engine/flows/refs/session-refs.ts'
import { addLine } from './proof.ts'
import { type TestRepo, tempRepo } from './repo.ts'

const RECORDED = join(import.meta.dirname, '..', 'fixtures', 'records', 'version-1')

/** The session and the commit of a proof that git-pp 0.1.0 made of `sh test.sh`, signed by ALICE: records of version 1. */
export interface VersionOne {
  readonly repo: TestRepo
  readonly session: string
  readonly commit: string
  /** Its line of bundles. */
  readonly line: string
}

/** A repository with that change and the notes that were written then. */
export async function versionOne(t: ExecutionContext): Promise<VersionOne> {
  const repo = await tempRepo(t, { 'add.sh': 'echo $(($1 - $2))\n', 'test.sh': '[ "$(sh add.sh 2 3)" = 5 ]\n' })
  const commit = await repo.commit('Mend add', { 'add.sh': 'echo $(($1 + $2))\n' })
  const recorded = async (kind: keyof typeof NOTES) => (await readFile(join(RECORDED, `${kind}.txt`), 'utf8')).trimEnd()
  for (const kind of ['bundles', 'index', 'attestations'] as const)
    await addLine(repo, NOTES[kind], commit, await recorded(kind))
  return { repo, session: '01m8ke1ktwfj6czvga4g8n787s', commit, line: await recorded('bundles') }
}
