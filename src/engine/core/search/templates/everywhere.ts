import { type RepairSite, type RepairTemplate, replaceTokens, type TokenRewrite } from '../repair-template.ts'
import { endsOperand, type TokenizedFile, tokenText } from '../tokenized-file.ts'

/** The same mistake at every place of its kind: all truth values, all strings with one text, all connectives of a line. */
export const everywhere: RepairTemplate = function* (site) {
  const { source, at } = site
  const token = source.tokens[at]
  if (token === undefined) return
  if (TURNED.has(token.text)) {
    const family = (text: string): boolean => (TURNED.get(text) ?? '').length > 3
    const places = placesOf(
      site,
      (text) => TURNED.has(text) && family(text) === family(token.text),
      !family(token.text),
    )
    if (places.length > 1 && places[0] === at) yield all(site, places, (text) => TURNED.get(text) ?? text)
  }
  yield* numbers(site)
  if (token.kind === 'string' && token.text.length < 20 && source.family !== 'shell') {
    const places = placesOf(site, (text) => text === token.text, false)
    if (places.length < 2 || places[0] !== at) return
    const [quote = '', inner] = [token.text.at(-1), token.text.slice(1, -1)]
    for (const form of [inner.trim(), '', inner.toLowerCase(), inner.toUpperCase()]) {
      if (form !== inner) yield all(site, places, () => `${quote}${form}${quote}`)
    }
  }
}

/** All numbers of one value one higher or lower, all steps the other way, or two indexes exchanged, in the whole function. */
function* numbers(site: RepairSite): Generator<TokenRewrite> {
  const { source, at } = site
  const text = tokenText(source, at)
  const first = (wanted: (one: string) => boolean, indexed = false) => {
    const places = site.around.places.filter(
      (place) => wanted(tokenText(source, place)) && (!indexed || isIndex(source, place)),
    )
    return places[0] === at && places.length > 1 ? places : null
  }
  const turned = STEPS.get(text)
  const steps = turned === undefined ? null : first((one) => one === text)
  if (steps !== null) yield all(site, steps, () => turned ?? text, 'everywhere.step')
  if (source.tokens[at]?.kind !== 'number' || !/^\d+$/.test(text)) return
  const same = first((one) => one === text)
  if (same !== null)
    for (const step of [1, -1]) yield all(site, same, () => String(Number(text) + step), 'everywhere.number')
  if (!isIndex(source, at)) return
  const pair = first((one) => one === '0' || one === '1', true)
  if (pair !== null) yield all(site, pair, (one) => (one === '0' ? '1' : '0'), 'everywhere.index')
}

const STEPS: ReadonlyMap<string, string> = new Map(Object.entries({ '+=': '-=', '-=': '+=', '++': '--', '--': '++' }))

/** Whether a token stands alone in the brackets of an index. */
function isIndex(source: TokenizedFile, at: number): boolean {
  return tokenText(source, at - 1) === '[' && tokenText(source, at + 1) === ']' && endsOperand(source, at - 2)
}

const TURNED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    True: 'False',
    False: 'True',
    true: 'false',
    false: 'true',
    and: 'or',
    or: 'and',
    '&&': '||',
    '||': '&&',
  }),
)

function placesOf({ source, around, at }: RepairSite, wanted: (text: string) => boolean, inLine: boolean): number[] {
  const line = source.tokens[at]?.line
  return around.places.filter((place) => {
    return wanted(tokenText(source, place)) && (!inLine || source.tokens[place]?.line === line)
  })
}

function all(site: RepairSite, places: readonly number[], turn: (text: string) => string, rule = 'everywhere') {
  const { source } = site
  const [first = 0] = places
  const last = places.at(-1) ?? first
  let text = ''
  let from = source.tokens[first]?.start ?? 0
  for (const place of places) {
    text += source.text.slice(from, source.tokens[place]?.start) + turn(tokenText(source, place))
    from = source.tokens[place]?.end ?? from
  }
  return replaceTokens(site, first, last, text, rule)
}
