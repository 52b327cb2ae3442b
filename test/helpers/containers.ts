import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'
import type { ContainerRequest } from '../../src/engine/ports/sandbox.ts'
import { machineTar } from './image.ts'

/** A container runtime for tests: what a policy would name, and how its containers are counted. */
export interface Runtime {
  readonly wish: ContainerRequest
  /** Runs the client. */
  ask(...args: string[]): Promise<string>
  /** Takes away all that it keeps. */
  dispose(): Promise<void>
}

/** Why there is none here. */
export type Absent = string

const NAME = 'localhost/pp-test:1'
const wishOf = (runtime: 'podman' | 'docker', env: Record<string, string>): ContainerRequest => ({
  ...{ runtime, image: NAME, workdir: null, cpus: '1.5', memory: '512m', processes: 100 },
  env: { HOME: process.env['HOME'] ?? '/', ...env },
})

/**
 * podman with a store of its own. `bare`: the image is a skeleton, and podman itself shows it the /usr of this machine; quick.
 * Else the image holds what it needs.
 */
export async function podman(image: 'bare' | 'whole' = 'bare'): Promise<Runtime | Absent> {
  if (process.getuid?.() !== 0) return 'podman is tried as root only: an ordinary user needs subordinate ids'
  const root = await fs.mkdtemp(path.join(tmpdir(), 'pp-podman-'))
  const [conf, storage] = [path.join(root, 'containers.conf'), path.join(root, 'storage.conf')]
  await fs.writeFile(conf, configuration(root, image))
  await fs.writeFile(storage, `[storage]\ndriver = "overlay"\ngraphroot = "${root}/graph"\nrunroot = "${root}/run"\n`)
  const wish = wishOf('podman', { CONTAINERS_CONF: conf, CONTAINERS_STORAGE_CONF: storage })
  const ask = asking('podman', wish.env)
  const dispose = async () => {
    await ask('rm', '--all', '--force', '--time', '0').catch(() => '')
    await fs.rm(root, { recursive: true, force: true })
  }
  try {
    await importImage(ask, root, image)
    await ask('run', '--rm', '--network', 'none', '--pull', 'never', NAME, 'true')
    return { wish, ask, dispose }
  } catch (error) {
    await dispose()
    return `podman does not work here: ${String(error).split('\n').slice(0, 3).join(' ')}`
  }
}

/** The Docker Engine that DOCKER_HOST names, if one answers. */
export async function docker(): Promise<Runtime | Absent> {
  const at = process.env['DOCKER_HOST']
  if (at === undefined) return 'no Docker Engine: DOCKER_HOST names none (tools/docker-engine.sh starts one)'
  const wish = wishOf('docker', { DOCKER_HOST: at })
  const ask = asking('docker', wish.env)
  const root = await fs.mkdtemp(path.join(tmpdir(), 'pp-docker-'))
  try {
    await ask('version')
    await importImage(ask, root, 'whole')
    return { wish, ask, dispose: () => ask('image', 'rm', '--force', NAME).then(() => {}) }
  } catch (error) {
    return `the Docker Engine at ${at} does not answer: ${String(error).split('\n')[0]}`
  } finally {
    await fs.rm(root, { recursive: true, force: true })
  }
}

/** Limits of open files as they are in most machines: those of small ones are lower than podman's default asks for. */
function configuration(root: string, image: 'bare' | 'whole'): string {
  return `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
${image === 'bare' ? 'volumes = ["/usr:/usr:ro"]' : ''}
[engine]
runtime = "runc"
tmp_dir = "${root}/tmp"
`
}

function asking(program: string, env: Readonly<Record<string, string>>) {
  return async (...args: string[]) => {
    const options = { env: { ...env, PATH: process.env['PATH'] }, timeout: 120_000 }
    return (await promisify(execFile)(program, args, options)).stdout.trim()
  }
}

async function importImage(ask: Runtime['ask'], root: string, kind: 'bare' | 'whole'): Promise<void> {
  const tar = path.join(root, 'image.tar')
  await machineTar(tar, kind)
  await ask('import', tar, NAME)
  await fs.rm(tar)
}
