import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SandboxJob } from '../../../ports/sandbox.ts'
import { hostsFile } from '../host-name.ts'
import { inspectPath } from '../inspect-path.ts'
import { GIT_INSIDE, parentsFirst, REPORTS_INSIDE, type TreeMount, treePlan } from '../mount-plan.ts'
import { makeMountPoints, supportOf } from '../mount-point-support.ts'
import { pathState } from '../path-state.ts'
import { START_INSIDE, STATUS_INSIDE } from './start-script.ts'

/** What one container sees of this machine, and the files of its run in the private directory `dir`. */
export interface ContainerRunFiles {
  readonly dir: string
  /** The path of the script for process 1; the script is written later. */
  readonly start: string
  /** The file in which process 1 writes how the command ended. */
  readonly said: string
  readonly mounts: readonly TreeMount[]
  /**
   * Removes the mount points that were made in the work tree. Without them, the runtime would create its own as root, and
   * leave them.
   */
  readonly removePoints: () => void
}

/** Throws SETUP_FAILED. */
export async function containerRunFilesOf(
  job: SandboxJob,
  dir: string,
  reports: string,
  workdir: string,
): Promise<ContainerRunFiles> {
  const [pointer, start, said, hosts] = [join(dir, 'dotgit'), join(dir, 'start'), join(dir, 'said'), join(dir, 'hosts')]
  await writeFile(pointer, `gitdir: ${GIT_INSIDE}\n`)
  await writeFile(hosts, hostsFile())
  await writeFile(said, '', { mode: 0o600 })
  const tree = treePlan({ job, pointer, standing: (path) => pathState(job.workspace.dir, path) }, workdir, inspectPath)
  const own: readonly TreeMount[] = [
    { is: 'bind', from: reports, at: REPORTS_INSIDE, writable: true },
    { is: 'bind', from: start, at: START_INSIDE, writable: false },
    { is: 'bind', from: said, at: STATUS_INSIDE, writable: true },
    // Without this, podman would show the machine's hosts file, which contains the name of the machine.
    ...(job.network === 'deny' ? [{ is: 'bind', from: hosts, at: '/etc/hosts', writable: false } as const] : []),
  ]
  const mounts = parentsFirst([...tree, ...own])
  const support = supportOf(mounts, workdir)
  const points = mounts.filter((mount) => support.get(mount) === 'tree')
  return { dir, start, said, mounts, removePoints: makeMountPoints(job.workspace.dir, workdir, points) }
}
