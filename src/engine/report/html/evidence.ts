import {
  attemptFolder,
  attemptOf,
  evidenceFolder,
  FOLDERS,
  pairFolder,
  pairOf,
} from '../../core/bundle-layout/index.ts'
import type { ProofView } from '../../model/proof-view.ts'
import { foldedSection, textBox } from './html-parts.ts'
import { html, type Markup } from './markup.ts'

type ProofFiles = ProofView['files']

/** Folders of a bundle that hold one execution each, in the order of the bundle. */
function folders(files: ProofFiles, wanted: (folder: string) => boolean): readonly string[] {
  return [...files.keys()].flatMap((path) => {
    const folder = evidenceFolder(path)
    return folder !== null && wanted(folder) ? [folder] : []
  })
}

export function textOf(files: ProofFiles, path: string): string {
  return new TextDecoder().decode(files.get(path) ?? new Uint8Array())
}

/**
 * Both streams of one execution in this order, without empty ones. Of many similar runs, only the output of the first ones is
 * kept.
 */
function streams(files: ProofFiles, folder: string): Markup {
  if (!files.has(`${folder}/stdout`)) return html`<p class="faint">The output of this run was not kept.</p>`
  const both = ['stdout', 'stderr'].flatMap((stream) => {
    const text = textOf(files, `${folder}/${stream}`)
    return text === '' ? [] : [textBox(`${stream} of ${folder}`, text)]
  })
  return both.length === 0 ? html`<p class="faint">The command printed nothing.</p>` : html`${both}`
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** Every recorded execution in a folder of the bundle, collapsed. */
export function executions(files: ProofFiles, wanted: (folder: string) => boolean): readonly Markup[] {
  return folders(files, wanted).map((folder) => foldedSection(`Output of ${folder}`, streams(files, folder)))
}

/** The outputs without and with the change side by side, of the first runs and of each further pair. */
export function outputComparison(files: ProofFiles): readonly Markup[] {
  const all = folders(files, () => true)
  const pairs = all.flatMap((red) => {
    const pair = pairOf(red)
    if (pair?.side !== 'red') return []
    const green = `${pairFolder(pair.k, 'green')}${red.slice(pairFolder(pair.k, 'red').length)}`
    return all.includes(green) ? [[red, green] as const] : []
  })
  const firstGreens = all.filter((folder) => folderOf(folder) === pairFolder(1, 'green'))
  const attempts = all.filter((folder) => folderOf(folder) === attemptFolder(attemptOf(folder) ?? 0))
  const first = all.flatMap((red) => {
    if (folderOf(red) !== FOLDERS.baseline) return []
    const end = red.slice(red.lastIndexOf('/'))
    const green = firstGreens.find((one) => one.endsWith(end)) ?? attempts.findLast((one) => one.endsWith(end))
    return green === undefined ? [] : [[red, green] as const]
  })
  return [...first, ...pairs].map(([red, green], at) => {
    const both = html`<div class="sides"><section><h3>Without the change</h3>${streams(files, red)}</section><section><h3>With the change</h3>${streams(files, green)}</section></div>`
    return at === 0 ? both : foldedSection(`Pair ${at + 1}: ${red} and ${green}`, both)
  })
}
