import {
  attemptFolder,
  attemptOf,
  evidenceFolder,
  FOLDERS,
  pairFolder,
  pairOf,
} from '../../core/bundle-layout/index.ts'
import type { ProofView } from '../../model/options.ts'
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

/** The outputs without and with the change side by side: of each pair, or of the first runs if there are no pairs. */
export function outputComparison(files: ProofFiles): readonly Markup[] {
  const all = folders(files, () => true)
  const pairs = all.flatMap((red) => {
    const pair = pairOf(red)
    if (pair?.side !== 'red') return []
    return [[red, `${pairFolder(pair.k, 'green')}${red.slice(pairFolder(pair.k, 'red').length)}`] as const]
  })
  const attempts = all.filter((folder) => folderOf(folder) === attemptFolder(attemptOf(folder) ?? 0))
  const first = all.flatMap((red) => {
    if (folderOf(red) !== FOLDERS.baseline) return []
    const green = attempts.findLast((one) => one.endsWith(red.slice(red.lastIndexOf('/'))))
    return green === undefined ? [] : [[red, green] as const]
  })
  return (pairs.length > 0 ? pairs : first).map(([red, green], at) => {
    const both = html`<div class="sides"><section><h3>Without the change</h3>${streams(files, red)}</section><section><h3>With the change</h3>${streams(files, green)}</section></div>`
    return at === 0 ? both : foldedSection(`Pair ${at + 1}: ${red} and ${green}`, both)
  })
}
