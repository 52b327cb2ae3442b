// The same for JavaScript: usage: same-behaviour.cjs DIR FILE ENTRY CORRECT CANDIDATE COMMAND...
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')

const WANTED = 400
/** In ms. */
const PATIENCE = 90_000
const [top, file, entry, correct, candidate, ...command] = process.argv.slice(2)
process.chdir(top)

const RECORD = `
;(() => { const fs = require('node:fs'); const plain = module.exports[${JSON.stringify(entry)}]
module.exports[${JSON.stringify(entry)}] = (...args) => {
  try { fs.appendFileSync(process.env.PP_CALLS, JSON.stringify(args) + '\\n') } catch {}
  return plain(...args)
} })()
`
const calls = path.resolve('pp-calls')
fs.writeFileSync(file, fs.readFileSync(correct, 'utf8') + RECORD)
try {
  execFileSync(command[0], command.slice(1), {
    env: { ...process.env, PP_CALLS: calls },
    timeout: 30000,
    stdio: 'ignore',
  })
} catch {}
const seen = fs.existsSync(calls)
  ? fs
      .readFileSync(calls, 'utf8')
      .trim()
      .split('\n')
      .slice(0, 2000)
      .map((line) => JSON.parse(line))
  : []

let state = 7
function dice(n) {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
  return (state >> 8) % n
}
const pick = (list) => list[dice(list.length)]

/** All of them changed, or only one: what all together have to be is then kept more often. */
function otherArguments(args) {
  if (dice(2) || args.length === 0) return changed(args)
  const at = dice(args.length)
  return args.map((one, n) => (n === at ? changed(one) : one))
}

function changed(value) {
  if (typeof value === 'number') return dice(10) === 0 ? dice(50) : value + pick([0, 0, 1, -1, 2, 5, 13])
  if (typeof value === 'string') {
    const letters = [...value]
    for (let n = dice(3); n > 0; n--)
      letters.splice(dice(letters.length + 1), dice(2), pick(letters.length ? letters : ['a', '(']))
    return letters.join('')
  }
  if (Array.isArray(value)) {
    const items = value.map(changed)
    if (items.length && dice(2))
      items.splice(dice(items.length), 1, ...pick([[], [items[0], items.at(-1)], [items[0]]]))
    return items
  }
  return value
}

function load(from) {
  const module = { exports: {} }
  const context = vm.createContext({
    module,
    exports: module.exports,
    require,
    console: { ...console, log() {} },
    Buffer,
  })
  vm.runInContext(fs.readFileSync(from, 'utf8'), context, { timeout: 1000 })
  return (args, timeout) => {
    context.given = structuredClone(args)
    context.entry = module.exports[entry]
    try {
      return (
        JSON.stringify(['returns', vm.runInContext('entry(...given)', context, { timeout }), context.given]) ??
        'undefined'
      )
    } catch (error) {
      return `raises ${error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'late' : error?.name}`
    }
  }
}

const [one, other] = [load(correct), load(candidate)]
let [count, made, different] = [0, 0, null]
const until = performance.now() + PATIENCE
while (seen.length && count < WANTED && performance.now() < until && different === null) {
  const own = made < Math.min(100, seen.length)
  const args = own ? seen[made] : otherArguments(pick(seen))
  made++
  const right = one(args, 1000)
  if (!own && right.startsWith('raises')) continue
  count++
  if (right !== other(args, 5000)) different = JSON.stringify(args).slice(0, 200)
}
console.log(JSON.stringify({ inputs: count, different }))
