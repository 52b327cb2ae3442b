import { launch } from '../helpers/launch.ts'
import { where } from '../helpers/needs.ts'
import { giveAway, ORDINARY } from '../helpers/ordinary.ts'
import { tempRepo } from '../helpers/repo.ts'
import { working } from '../integration/sandboxes/machine.ts'

/** Knows its version by a tag, writes tracked files beside itself, finds its own host, and only then decides. */
const SCRIPT = `set -e
git describe --tags --dirty | grep -qx v1.0
echo new >tests/state.log
touch -d @1 tests/template.html
getent hosts "$(cat /proc/sys/kernel/hostname)" >/dev/null
grep -q right product.sh
`

const usable = await working()
for (const sandbox of ['bubblewrap', 'unshare'])
  where(usable.includes(sandbox), `${sandbox} does not work here`)(
    `an ordinary user's command under ${sandbox} writes judges, sees tags and knows its host`,
    async (t) => {
      const files = { 'tests/run.sh': SCRIPT, 'tests/state.log': 'old\n', 'tests/template.html': '<p>' }
      const repo = await tempRepo(t, { ...files, 'product.sh': 'wrong\n' })
      await repo.git('tag', 'v1.0')
      await repo.commit('Mend it', { 'product.sh': 'right\n' })
      await repo.git('config', '--global', 'safe.directory', '*')
      await giveAway(repo)
      const args = [
        'prove',
        'HEAD',
        'sh tests/run.sh',
        '--runs',
        '1',
        '--history',
        'tags',
        '--sandbox',
        sandbox,
        '--json',
      ]
      const { json } = await launch(t, repo, args, {}, ORDINARY).ended
      t.is(json.verdict, 'PROVED', json.reason)
      t.regex(String(json['notShown']), /tests\/state\.log \(rewritten\), tests\/template\.html/)
    },
  )
