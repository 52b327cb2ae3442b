import { type RepairSite, type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { tokenText } from '../tokenized-file.ts'

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
  if (token.kind === 'string' && token.text.length < 20 && source.family !== 'shell') {
    const places = placesOf(site, (text) => text === token.text, false)
    if (places.length < 2 || places[0] !== at) return
    const [quote = '', inner] = [token.text.at(-1), token.text.slice(1, -1)]
    for (const form of [inner.trim(), '', inner.toLowerCase(), inner.toUpperCase()]) {
      if (form !== inner) yield all(site, places, () => `${quote}${form}${quote}`)
    }
  }
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

function all(site: RepairSite, places: readonly number[], turn: (text: string) => string) {
  const { source } = site
  const [first = 0] = places
  const last = places.at(-1) ?? first
  let text = ''
  let from = source.tokens[first]?.start ?? 0
  for (const place of places) {
    text += source.text.slice(from, source.tokens[place]?.start) + turn(tokenText(source, place))
    from = source.tokens[place]?.end ?? from
  }
  return replaceTokens(site, first, last, text, 'everywhere')
}
