import { PATCH_LIMIT } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { blobId, formatOf, pathBytes } from '../../core/gitobject/index.ts'
import { applyPatchSection, readSections, sectionsDifference } from '../../core/gitpatch/index.ts'
import { byteString } from '../../core/patch/index.ts'

import type { Change } from '../../model/change.ts'
import { type ContentCheck, filesPhrase } from './content-check.ts'
import { checkFailed, checkPassed } from './proof-case.ts'

/**
 * Is the patch, which people read, the same change as that of the trees? Its sections must name the same paths, modes and
 * ids, and its hunks must produce the blobs.
 */
export const patchIsTheChange: ContentCheck = async ({ bundle, repro, finalTree }, { changes }, ports) => {
  const { objects, inflate, patch: regenerate } = ports
  const patch = bundle.files.get(FILES.patch)
  if (!patch) {
    const { length } = await regenerate(repro.base.tree, finalTree)
    return length > PATCH_LIMIT
      ? checkPassed(`${filesPhrase(changes.length)}; the patch is too large for the bundle, but git show prints it`)
      : checkFailed('TAMPERED', `the bundle holds no patch, although one of ${length} bytes would fit into it`)
  }
  const sections = readSections(patch)
  const differs = typeof sections === 'string' ? sections : sectionsDifference(sections, changes)
  if (differs !== null || typeof sections === 'string') return checkFailed('TAMPERED', differs ?? '')
  const byPath = new Map(sections.map((section) => [section.path, section]))
  for (const { path, before, after } of changes) {
    const section = byPath.get(byteString(pathBytes(path)))
    if (!section || isLink(before) || isLink(after)) continue
    const made = applyPatchSection(section, before ? await objects.read(before.oid) : new Uint8Array(), inflate)
    if (!made.ok)
      return checkFailed('TAMPERED', `${JSON.stringify(path)}: the patch does not apply to the base: ${made.reason}`)
    const oid = after ? blobId(made.bytes, formatOf(finalTree)) : null
    if (oid === null ? made.bytes.length > 0 : oid !== after?.oid)
      return checkFailed('TAMPERED', `${JSON.stringify(path)}: the patch makes another content than the trees have`)
  }
  return checkPassed(`${filesPhrase(changes.length)}, each with the path, modes, ids and content of the trees`)
}

/** A submodule: its content is not in any object here, and the guard lets no submodule through. */
function isLink(side: Change['before']): boolean {
  return side?.mode === '160000'
}
