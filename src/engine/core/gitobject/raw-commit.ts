import type { CommitFacts } from '../../model/commit.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'

/** A raw commit object: header lines, an empty line, the message. */
export function parseCommit(oid: Oid, bytes: Uint8Array): CommitFacts {
  const cut = Buffer.from(bytes).indexOf('\n\n')
  const header = Buffer.from(bytes.subarray(0, cut === -1 ? bytes.length : cut)).toString('latin1')
  const lines = header.split('\n')
  const values = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))
  const encoding = values('encoding')[0]
  const message = decode(cut === -1 ? new Uint8Array() : bytes.subarray(cut + 2), encoding)
  const author = decode(Buffer.from(values('author')[0] ?? '', 'latin1'), encoding).replace(/ \d+ [+-]\d+$/, '')
  const { tree, parents } = namesOf(oid, lines)
  const at = Number(/ (\d{1,15}) [+-]\d+$/.exec(values('committer')[0] ?? '')?.[1] ?? 0)
  return { oid, tree, parents, subject: subjectOf(message), message, author, at }
}

/** Git reads the tree from the first line and the parents from the lines directly after it, so a verifier must do the same. */
function namesOf(oid: Oid, [first = '', ...others]: readonly string[]): Pick<CommitFacts, 'tree' | 'parents'> {
  const end = others.findIndex((line) => !line.startsWith('parent '))
  const names = [first, ...others.slice(0, end === -1 ? others.length : end)].map(
    (line) => /^(?:tree|parent) ([0-9a-f]{40}|[0-9a-f]{64})$/.exec(line)?.[1],
  )
  const [tree, ...parents] = names.flatMap((name) => name ?? [])
  if (tree !== undefined && first.startsWith('tree ') && parents.length === names.length - 1) return { tree, parents }
  throw new PpError('MALFORMED', `the commit ${oid} does not begin with its tree and parents; git fsck tells more`)
}

/** The subject as git shows it: the first paragraph on one line. */
function subjectOf(message: string): string {
  const [first = ''] = message.replace(/^\n+/, '').split(/\n\s*\n/)
  return first.trim().replaceAll('\n', ' ')
}

function decode(bytes: Uint8Array, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes)
  } catch {
    // The encoding is unknown to the decoder.
    return new TextDecoder('utf-8').decode(bytes)
  }
}
