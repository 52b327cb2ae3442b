import test from 'ava'
import { notPullRequestReason } from '../../../../src/engine/core/covered/index.ts'

const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF_TYPE: 'branch' }
const GITLAB = { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event' }

test('jobs of pull requests and of merge requests can be covered', (t) => {
  t.is(notPullRequestReason(GITHUB), null)
  t.is(notPullRequestReason(GITLAB), null)
})

const NEVER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no CI': {},
  'a push to the default branch': { ...GITHUB, GITHUB_EVENT_NAME: 'push' },
  'a release': { ...GITHUB, GITHUB_EVENT_NAME: 'release' },
  'a pull request with the rights of its target': { ...GITHUB, GITHUB_EVENT_NAME: 'pull_request_target' },
  'an event that nobody names': { GITHUB_ACTIONS: 'true' },
  'a tag': { ...GITHUB, GITHUB_REF_TYPE: 'tag' },
  'a branch on GitLab': { ...GITLAB, CI_PIPELINE_SOURCE: 'push' },
  'a tag on GitLab': { ...GITLAB, CI_COMMIT_TAG: 'v1' },
  'another CI': { CI: 'true', GITHUB_EVENT_NAME: 'pull_request' },
}

for (const [name, env] of Object.entries(NEVER))
  test(`${name} cannot`, (t) => {
    t.is(typeof notPullRequestReason(env), 'string')
  })
