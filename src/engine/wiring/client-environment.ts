import type { Caller } from '../model/options.ts'

/** The variables that the clients of podman and docker read; no key and no proxy. */
const OF_CLIENTS = [
  'HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_DATA_HOME DBUS_SESSION_BUS_ADDRESS CONTAINERS_CONF'.split(' '),
  'CONTAINERS_STORAGE_CONF STORAGE_DRIVER STORAGE_OPTS DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG'.split(' '),
].flat()

export function clientEnvironment(env: Caller['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(OF_CLIENTS.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
