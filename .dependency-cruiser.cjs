const { rooms, adapters } = require('./.rooms.cjs')

const pathOf = (room) => `^${room.replace('.', '\\.')}${room.endsWith('.ts') ? '$' : '/'}`

// Rooms that are entered by their door alone, an index.ts that names what others may use.
const withDoor = `^src/engine/((?:core|flows)/[^/]+|api|wiring|platform|portable|${adapters.join('|')})/`
const door = `${withDoor}index\\.ts$`

const pure = '^src/engine/(model|core|ports|flows)/'
const thirdParty = {
  '^src/commands/': '(@oclif/core)',
  '^src/engine/(model|ports)/': '(zod)',
  '^src/engine/core/': '(zod|diff|yaml|jsonc-parser|picomatch|canonicalize|tweetnacl)',
  '^src/engine/flows/': null,
}

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, others]) => ({
      name: `rooms: ${room}`,
      severity: 'error',
      from: { path: pathOf(room) },
      to: { path: '^src/', pathNot: [room, ...others].map(pathOf) },
    })),
    {
      name: 'a room is entered by its door (index.ts): from another room',
      severity: 'error',
      from: { path: withDoor },
      to: { path: withDoor, pathNot: ['^src/engine/$1/', door] },
    },
    {
      name: 'a room is entered by its door (index.ts): from a file that is in none',
      severity: 'error',
      from: { path: '^src/', pathNot: withDoor },
      to: { path: withDoor, pathNot: door },
    },
    {
      name: 'no file of core or flows stands outside of a room',
      severity: 'error',
      from: {},
      to: { path: '^src/engine/(core|flows)/[^/]+\\.ts$' },
    },
    {
      name: 'pure rooms import no node builtin (core: node:crypto only)',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'model, ports and flows import no node builtin at all',
      severity: 'error',
      from: { path: '^src/engine/(model|ports|flows)/' },
      to: { dependencyTypes: ['core'] },
    },
    ...Object.entries(thirdParty).map(([from, packages]) => ({
      name: `packages: ${from}`,
      severity: 'error',
      from: { path: from },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'unknown'],
        ...(packages ? { pathNot: `node_modules/${packages}(/|$)` } : {}),
      },
    })),
    {
      name: 'the portable verifier starts no program',
      severity: 'error',
      from: { path: '^src/(verify|engine/portable)/' },
      to: {
        reachable: true,
        path: '^((node:)?(child_process|cluster|worker_threads)$|src/engine/(git|api|wiring|signers|sandboxes|proposers|platform)/|node_modules/simple-git/)',
      },
    },
    {
      name: 'programs are started by platform; commands that are measured, by the process of a sandbox',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/(platform/|sandboxes/lib/(run|watch)-process\\.ts$)' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(child_process|cluster)$' },
    },
    {
      name: 'oclif only in commands',
      severity: 'error',
      from: { pathNot: '^src/commands/' },
      to: { path: 'node_modules/@oclif/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
