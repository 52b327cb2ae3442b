import * as z from 'zod'
import { PpError } from '../../../model/error.ts'
import type { ContainerRuntime } from './runtime.ts'

/** What a container runtime reports about itself. */
export interface RuntimeFacts {
  /** 'podman 4.3.1 (runc)'. */
  readonly version: string
  /** True: root inside is the caller's user outside. */
  readonly rootless: boolean
  /** Which limits the kernel allows it to set. */
  readonly can: { readonly memory: boolean; readonly swap: boolean; readonly cpu: boolean; readonly pids: boolean }
  /** A seccomp profile in force that still allows namespaces, as a file; null where the runtime forbids them by itself. */
  readonly seccomp: string | null
}

const Podman = z.looseObject({
  host: z.looseObject({
    cgroupVersion: z.string(),
    cgroupControllers: z.array(z.string()).nullish(),
    ociRuntime: z.looseObject({ name: z.string() }),
    security: z.looseObject({
      rootless: z.boolean(),
      seccompEnabled: z.boolean(),
      seccompProfilePath: z.string().optional(),
    }),
    serviceIsRemote: z.boolean().optional(),
  }),
  version: z.looseObject({ Version: z.string() }),
})

const Docker = z.looseObject({
  ServerVersion: z.string().min(1),
  DefaultRuntime: z.string(),
  MemoryLimit: z.boolean(),
  SwapLimit: z.boolean(),
  CpuCfsQuota: z.boolean(),
  PidsLimit: z.boolean().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
})

/** Asks the runtime, which also shows that it works. Throws SANDBOX_UNAVAILABLE, SETUP_FAILED. */
export async function runtimeFactsOf(runtime: ContainerRuntime): Promise<RuntimeFacts> {
  try {
    return await (runtime.name === 'podman' ? podmanFacts(runtime) : dockerFacts(runtime))
  } catch (cause) {
    if (cause instanceof PpError) throw cause
    throw new PpError('SANDBOX_UNAVAILABLE', `the answer of ${runtime.name} info cannot be read`, { cause })
  }
}

async function podmanFacts(runtime: ContainerRuntime): Promise<RuntimeFacts> {
  const { host, version } = Podman.parse(JSON.parse(await runtime.ask(['info', '--format', 'json'])))
  if (host.serviceIsRemote) throw elsewhere('podman', 'a machine')
  const { rootless, seccompEnabled, seccompProfilePath } = host.security
  // As an ordinary user on cgroup v1, podman says that it ignores limits, and does ignore them.
  const controllers = rootless && host.cgroupVersion === 'v1' ? [] : (host.cgroupControllers ?? [])
  const [memory, cpu, pids] = ['memory', 'cpu', 'pids'].map((name) => controllers.includes(name))
  return {
    version: `podman ${version.Version} (${host.ociRuntime.name})`,
    rootless,
    can: { memory: memory === true, swap: memory === true, cpu: cpu === true, pids: pids === true },
    seccomp: seccompEnabled ? (seccompProfilePath ?? null) : null,
  }
}

async function dockerFacts(runtime: ContainerRuntime): Promise<RuntimeFacts> {
  const at = (await runtime.ask(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])).trim()
  if (!/^(?:unix|npipe):/.test(at)) throw elsewhere('docker', at)
  const info = Docker.parse(JSON.parse(await runtime.ask(['info', '--format', '{{json .}}'])))
  return {
    version: `docker ${info.ServerVersion} (${info.DefaultRuntime})`,
    rootless: info.SecurityOptions?.some((option) => /(?:^|,)name=rootless(?:,|$)/.test(option)) ?? false,
    can: { memory: info.MemoryLimit, swap: info.SwapLimit, cpu: info.CpuCfsQuota, pids: info.PidsLimit ?? false },
    seccomp: null,
  }
}

function elsewhere(name: string, where: string): PpError {
  return new PpError('SANDBOX_UNAVAILABLE', `${name} runs containers on ${where}, which cannot see this work tree`)
}
