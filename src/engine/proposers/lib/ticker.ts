/** In seconds: how often it is told that nothing has arrived. */
const SILENCE = 5

/** Reports once a second how much has arrived, and from time to time that nothing has. */
export interface Ticker {
  grown(characters: number): void
  /** The number of characters so far. */
  size(): number
  stop(): void
}

export function startTicker(kind: string, progress: (line: string) => void): Ticker {
  let now = 0
  let told = 0
  let silent = 0
  const timer = setInterval(() => {
    silent = now > told ? 0 : silent + 1
    if (now > told) progress(`${kind}: ${now} characters so far`)
    else if (silent % SILENCE === 0)
      progress(`${kind}: ${now === 0 ? 'no answer yet' : 'nothing more'} for ${silent} s`)
    told = now
  }, 1000)
  return {
    grown: (characters) => {
      now = characters
    },
    size: () => now,
    stop: () => clearInterval(timer),
  }
}
