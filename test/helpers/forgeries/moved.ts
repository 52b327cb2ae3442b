import { NOTES } from '../../../src/engine/flows/refs/session-refs.ts'
import { type Proof, tempProof } from '../proof.ts'
import { type Group, type Laid, signedProof, trusting } from './case.ts'
import { copyNotes } from './edits.ts'

const again = ({ repo, base, commit }: Proof, message = 'again') =>
  repo.git('commit-tree', `${commit}^{tree}`, '-p', base, '-m', message)

const asking = async (proof: Proof, commit: string, more = {}): Promise<Laid> => ({
  proof,
  ask: { ...(await trusting(proof)), proofs: [commit], ...more },
})

/** The commit with other bytes, and the notes of the proved one copied to it. */
const rewritten =
  (edit: (text: string) => string) =>
  async (t: Parameters<typeof signedProof>[0]): Promise<Laid> => {
    const proof = await signedProof(t)
    const bytes = edit(`${await proof.repo.git('cat-file', 'commit', proof.commit)}\n`)
    const oid = await proof.repo.gitWith(bytes, 'hash-object', '-t', 'commit', '-w', '--literally', '--stdin')
    await copyNotes(proof, oid)
    return asking(proof, oid)
  }

const UNSIGNED = { allowUnsigned: true, key: [] }

/** The right proof in the wrong place. */
export const moved: Group = {
  title: 'A proof is put elsewhere, or taken away',
  cases: [
    {
      attack: 'notes are copied to the reworded commit, as notes.rewriteRef does',
      verdict: 'PROVED_SAME_TREES',
      async lay(t) {
        const proof = await signedProof(t)
        const reworded = await again(proof)
        await copyNotes(proof, reworded)
        return asking(proof, reworded)
      },
    },
    {
      attack: 'the same, where only the proved commit itself is accepted (--exact)',
      verdict: 'STALE',
      async lay(t) {
        const proof = await signedProof(t)
        const reworded = await again(proof)
        await copyNotes(proof, reworded)
        return asking(proof, reworded, { exact: true })
      },
    },
    {
      attack: 'the trailer stands twice',
      verdict: 'PROVED_SAME_TREES',
      async lay(t) {
        const proof = await signedProof(t)
        const message = await proof.repo.git('log', '-1', '--format=%B', proof.commit)
        const twice = await again(proof, `${message}\n${message}`)
        await copyNotes(proof, twice)
        return asking(proof, twice)
      },
    },
    {
      attack: 'the change is cherry-picked onto another base',
      verdict: 'STALE',
      async lay(t) {
        const proof = await signedProof(t, { kind: 'prove' })
        await proof.repo.git('checkout', '-q', '-b', 'other', proof.base)
        await proof.repo.commit('more', { 'more.txt': 'more\n' })
        await proof.repo.git('cherry-pick', proof.commit)
        return asking(proof, await proof.repo.git('rev-parse', 'HEAD'))
      },
    },
    {
      attack: 'notes are copied to a commit of another change',
      verdict: 'WRONG_COMMIT',
      async lay(t) {
        const proof = await signedProof(t)
        const other = await proof.repo.commit('other', { 'other.txt': 'x\n' })
        await copyNotes(proof, other)
        return asking(proof, other)
      },
    },
    {
      attack: 'an unsigned bundle is moved to a commit of another change, and no signature is asked for',
      verdict: 'WRONG_COMMIT',
      async lay(t) {
        const proof = await tempProof(t, { kind: 'prove' })
        const other = await proof.repo.commit('other', { 'other.txt': 'x\n' })
        await copyNotes(proof, other)
        return asking(proof, other, UNSIGNED)
      },
    },
    {
      attack: 'a commit of the same change announces the bundle on another parent',
      verdict: 'STALE',
      async lay(t) {
        const proof = await signedProof(t)
        const message = await proof.repo.git('log', '-1', '--format=%B', proof.commit)
        await proof.repo.git('checkout', '-q', proof.base)
        const parent = await proof.repo.commit('more', { 'more.txt': 'x\n' })
        await proof.repo.git('checkout', '-q', proof.commit, '--', 'add.sh')
        const tree = await proof.repo.git('write-tree')
        const there = await proof.repo.git('commit-tree', tree, '-p', parent, '-m', message)
        return asking(proof, there)
      },
    },
    {
      attack: 'the commit names its parent where git does not look',
      verdict: 'WRONG_COMMIT',
      lay: rewritten((text) => {
        const [parent = ''] = /^parent .*\n/m.exec(text) ?? []
        return text.replace(parent, '').replace(/^(committer .*\n)/m, `$1${parent}`)
      }),
    },
    {
      attack: 'the commit is signed and says an encoding: neither is its parents or its trailer',
      verdict: 'PROVED_SAME_TREES',
      lay: rewritten((text) =>
        text.replace(
          /^(committer .*\n)/m,
          `$1gpgsig -----BEGIN PGP SIGNATURE-----\n \n parent ${'1'.repeat(40)}\n -----END PGP SIGNATURE-----\nencoding ISO-8859-1\n`,
        ),
      ),
    },
    {
      attack: 'the trailer is folded over two lines',
      verdict: 'PROVED_SAME_TREES',
      lay: rewritten((text) => text.replace(/(Patch-Proof: v1 session=\S+) /, '$1\n ')),
    },
    {
      attack: 'a merge commit of the same trees, with a second parent that nobody proved',
      verdict: 'PROVED_SAME_TREES',
      async lay(t) {
        const proof = await signedProof(t)
        const other = await proof.repo.git('commit-tree', `${proof.base}^{tree}`, '-m', 'other')
        const parents = ['-p', proof.base, '-p', other]
        return asking(proof, await proof.repo.git('commit-tree', `${proof.commit}^{tree}`, ...parents, '-m', 'merge'))
      },
    },
    {
      attack: 'a root commit with the final tree',
      verdict: 'WRONG_COMMIT',
      async lay(t) {
        const proof = await signedProof(t)
        const root = await proof.repo.git('commit-tree', `${proof.commit}^{tree}`, '-m', 'root')
        await copyNotes(proof, root)
        return asking(proof, root)
      },
    },
    {
      attack: 'a second entry in the tree of notes, of another depth, holds nonsense for the same commit',
      verdict: 'PROVED',
      async lay(t) {
        const proof = await signedProof(t)
        const { repo, commit } = proof
        const note = await repo.git('rev-parse', `${NOTES.bundles}:${commit}`)
        const nonsense = await repo.gitWith('nonsense\n', 'hash-object', '-w', '--stdin')
        const below = await repo.gitWith(`100644 blob ${nonsense}\t${commit.slice(2)}\n`, 'mktree')
        const rows = `040000 tree ${below}\t${commit.slice(0, 2)}\n100644 blob ${note}\t${commit}\n`
        const tip = await repo.git('commit-tree', await repo.gitWith(rows, 'mktree'), '-m', 'notes')
        await repo.git('update-ref', NOTES.bundles, tip)
        return asking(proof, commit)
      },
    },
    {
      attack: 'a line of the index is one string of 9 MiB, where the index is needed',
      verdict: 'PROVED_SAME_TREES',
      async lay(t) {
        const proof = await signedProof(t)
        await proof.put('index', `"${'x'.repeat(9 << 20)}"`)
        return asking(proof, await again(proof))
      },
    },
    {
      attack: 'all notes are taken away from a commit that announces a proof',
      verdict: 'MISSING',
      async lay(t) {
        const proof = await signedProof(t)
        for (const ref of Object.values(NOTES)) await proof.repo.git('update-ref', '-d', ref)
        return asking(proof, proof.commit)
      },
    },
    {
      attack: 'the ref of attestations is rolled back to before the signature',
      verdict: 'UNSIGNED',
      async lay(t) {
        const proof = await tempProof(t)
        const [line = ''] = [await proof.sign(proof.statement())]
        await proof.put('attestations', 'nothing')
        const before = await proof.repo.git('rev-parse', NOTES.attestations)
        await proof.put('attestations', line)
        await proof.repo.git('update-ref', NOTES.attestations, before)
        await proof.repo.git('notes', '--ref', NOTES.attestations, 'remove', proof.commit)
        return asking(proof, proof.commit)
      },
    },
  ],
}
