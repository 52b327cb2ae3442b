// Which room of the house may import which other rooms: an allow list. What is not listed here is an error.
// Read by dependency-cruiser (.dependency-cruiser.cjs) and by the table of rooms in docs/ARCHITECTURE.md.
const adapters = ['agents', 'git', 'proposers', 'sandboxes', 'signers', 'evidence', 'report', 'state', 'brokers']
const engine = (...names) => names.map((name) => `src/engine/${name}`)

/** Room → the rooms that it may import, besides itself. */
const rooms = {
  // The nearest word as well: it is a leaf, so that a mistyped verb is answered without loading the engine.
  'src/commands': engine('index.ts', 'core/nearest'),
  // Knows no adapter but the one that needs neither git nor any other program.
  'src/verify': engine('portable', 'flows', 'core', 'ports', 'model'),
  'src/engine/index.ts': engine('api', 'flows', 'core', 'ports', 'model', 'report'),
  'src/engine/api': engine('wiring', ...adapters, 'portable', 'flows', 'core', 'ports', 'model'),
  'src/engine/wiring': engine(...adapters, 'portable', 'flows', 'core', 'ports', 'model'),
  'src/engine/flows': engine('core', 'ports', 'model'),
  'src/engine/core': engine('model'),
  'src/engine/ports': engine('model'),
  'src/engine/model': [],
  'src/engine/portable': engine('core', 'ports', 'model'),
  'src/engine/platform': engine('model'),
}
for (const name of adapters) rooms[`src/engine/${name}`] = engine('platform', 'core', 'ports', 'model')

module.exports = { rooms, adapters }
