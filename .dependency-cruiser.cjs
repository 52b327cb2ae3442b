// Import direction as an allow list: what is not listed here is an error. See docs/ARCHITECTURE.md.
const rooms = {
  // The nearest word as well: it is a leaf, so that a mistyped verb is answered without loading the engine.
  '^src/commands/': ['^src/commands/', '^src/engine/(index|core/nearest/index)\\.ts$'],
  // Knows no adapter but those that need neither git nor any other program.
  '^src/verify/': ['^src/(verify|engine/(portable|flows|core|ports|model))/'],
  '^src/engine/index\\.ts$': ['^src/engine/(api|flows|model|ports|core|report)/'],
  '^src/engine/api/': [
    '^src/engine/(api|wiring|flows|ports|core|model|git|proposers|sandboxes|signers|evidence|portable|report|state)/',
  ],
  '^src/engine/wiring/': [
    '^src/engine/(wiring|flows|ports|core|model|git|proposers|sandboxes|signers|evidence|portable|report|state)/',
  ],
  '^src/engine/flows/': ['^src/engine/(flows|ports|core|model)/'],
  '^src/engine/core/': ['^src/engine/(core|model)/'],
  '^src/engine/ports/': ['^src/engine/(ports|model)/'],
  '^src/engine/model/': ['^src/engine/model/'],
}
const adapters = ['state', 'git', 'portable', 'proposers', 'sandboxes', 'signers', 'evidence', 'report']
for (const room of adapters) rooms[`^src/engine/${room}/`] = [`^src/engine/(${room}|platform|ports|core|model)/`]
rooms['^src/engine/platform/'] = ['^src/engine/(platform|model)/']

// Rooms that are entered by their door alone, an index.ts that names what others may use.
const withDoor =
  '^src/engine/((?:core|flows)/[^/]+|api|wiring|platform|state|git|portable|proposers|sandboxes|signers|evidence|report)/'
const door = `${withDoor}index\\.ts$`

const pure = '^src/engine/(model|core|ports|flows)/'
const thirdParty = {
  '^src/commands/': '(@oclif/core)',
  '^src/engine/(model|ports)/': '(zod)',
  '^src/engine/core/': '(zod|diff|yaml|picomatch|canonicalize|tweetnacl)',
  '^src/engine/flows/': null,
}

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([from, to]) => ({
      name: `rooms: ${from}`,
      severity: 'error',
      from: { path: from },
      to: { path: '^src/', pathNot: to },
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
      from: { path: '^src/', pathNot: '^src/engine/(platform/|sandboxes/lib/process\\.ts$)' },
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
