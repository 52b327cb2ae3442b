import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NOTES } from '../../../src/engine/flows/refs/session-refs.ts'
import { plant } from '../planted.ts'
import { publicKey, tempProof } from '../proof.ts'
import { type Group, signedProof, trusting } from './case.ts'

const exec = promisify(execFile)

/** What stands in the git directory of whoever verifies. */
export const repositories: Group = {
  title: 'The repository deceives its reader',
  cases: [
    {
      attack: 'a loose object is planted under the id of another',
      verdict: 'TAMPERED',
      async lay(t) {
        const proof = await signedProof(t)
        const id = (rev: string) => proof.repo.git('rev-parse', rev)
        await plant(proof.repo, await id('HEAD:add.sh'), await id('HEAD:test.sh'))
        return { proof, ask: await trusting(proof) }
      },
    },
    {
      attack: 'a tree is planted under the id of another',
      verdict: 'TAMPERED',
      async lay(t) {
        const proof = await signedProof(t)
        const id = (rev: string) => proof.repo.git('rev-parse', rev)
        await plant(proof.repo, await id('HEAD^{tree}'), await id('HEAD~^{tree}'))
        return { proof, ask: await trusting(proof) }
      },
    },
    {
      attack: 'replace refs and grafts change nothing',
      verdict: 'PROVED',
      async lay(t) {
        const proof = await signedProof(t)
        const other = await proof.repo.git('commit-tree', 'HEAD^{tree}', '-m', 'no parent')
        await proof.repo.git('replace', proof.commit, other)
        await proof.repo.write('.git/info/grafts', `${proof.commit}\n`)
        return { proof, ask: await trusting(proof) }
      },
    },
    {
      attack: 'the final tree holds one name twice',
      verdict: 'TAMPERED',
      async lay(t) {
        const proof = await tempProof(t)
        const id = async (rev: string) => Buffer.from(await proof.repo.git('rev-parse', rev), 'hex')
        const row = async (name: string, rev: string) => Buffer.concat([Buffer.from(`100644 ${name}\0`), await id(rev)])
        const rows = [
          await row('add.sh', 'HEAD:test.sh'),
          await row('add.sh', 'HEAD:add.sh'),
          await row('test.sh', 'HEAD:test.sh'),
        ]
        const file = join(proof.repo.home, 'tree')
        await fs.writeFile(file, Buffer.concat(rows))
        const tree = await proof.repo.git('hash-object', '-t', 'tree', '-w', '--literally', file)
        const twice = await signedProof(t, { kind: 'prove', repro: { finalTree: tree } })
        await twice.repo.gitWith(Buffer.concat(rows), 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin')
        const commit = await twice.repo.git('commit-tree', tree, '-p', twice.base, '-m', 'twice')
        const bundle = await twice.repo.git('notes', '--ref', NOTES.bundles, 'show', twice.commit)
        const { addLine } = await import('../proof.ts')
        await addLine(twice.repo, NOTES.bundles, commit, bundle)
        return { proof: twice, ask: { allowUnsigned: true, proofs: [commit] } }
      },
    },
    {
      attack: 'the base is not here, and nothing is fetched',
      verdict: 'INCONCLUSIVE',
      async lay(t) {
        const proof = await signedProof(t)
        const tree = await proof.repo.git('rev-parse', `${proof.base}^{tree}`)
        await fs.rm(join(proof.repo.dir, '.git/objects', tree.slice(0, 2), tree.slice(2)))
        return { proof, ask: await trusting(proof) }
      },
    },
    {
      attack: 'programs for signatures, hooks, monitors and diffs are configured: none is run',
      verdict: 'PROVED',
      async lay(t) {
        const proof = await signedProof(t)
        const program = join(proof.repo.home, 'evil')
        await fs.writeFile(program, `#!/bin/sh\ntouch ${join(proof.repo.home, 'EVIL-RAN')}\n`, { mode: 0o755 })
        for (const key of [
          'gpg.ssh.program',
          'gpg.program',
          'core.fsmonitor',
          'diff.external',
          'core.pager',
          'core.editor',
        ])
          await proof.repo.git('config', key, program)
        await proof.repo.write('.git/hooks/post-index-change', await fs.readFile(program, 'utf8'))
        return { proof, ask: await trusting(proof) }
      },
    },
    {
      attack: "the repository's own config names whom to trust",
      verdict: 'UNTRUSTED',
      async lay(t) {
        const proof = await signedProof(t)
        await proof.repo.git('config', 'gpg.ssh.allowedSignersFile', await publicKey(proof.repo))
        return { proof }
      },
    },
    {
      attack: 'a relative list of allowed signers, which the branch brings',
      verdict: 'UNTRUSTED',
      async lay(t) {
        const proof = await signedProof(t)
        await proof.repo.git('config', '--global', 'gpg.ssh.allowedSignersFile', 'trusted')
        await proof.repo.commit('Trust me', { trusted: await fs.readFile(await publicKey(proof.repo), 'utf8') })
        return { proof }
      },
    },
    {
      attack: 'a note of 1 GB',
      verdict: 'MALFORMED',
      async lay(t) {
        const proof = await signedProof(t, { without: ['bundles'] })
        const file = join(proof.repo.home, 'large')
        await exec('truncate', ['-s', '1G', file])
        const blob = await proof.repo.git('-c', 'core.compression=1', 'hash-object', '-w', '--no-filters', file)
        await proof.repo.git('notes', '--ref', NOTES.bundles, 'add', '-f', '-C', blob, proof.commit).catch(async () => {
          // Git reads the whole note to copy it; the tree of notes can be written without.
          const tree = await proof.repo.gitWith(`100644 blob ${blob}\t${proof.commit}\n`, 'mktree')
          const tip = await proof.repo.git('commit-tree', tree, '-m', 'note')
          await proof.repo.git('update-ref', NOTES.bundles, tip)
        })
        return { proof, ask: await trusting(proof) }
      },
    },
  ],
}
