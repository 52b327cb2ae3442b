#!/usr/bin/env bash
# Proves or verifies ACTION_BASE..ACTION_HEAD of the repository in GITHUB_WORKSPACE, or says whether a proof stands for a job.
# Every input is a variable and stays one word; ids are the only names of commits, so no branch is ever called by its name.
set -euo pipefail

scratch=$(mktemp -d "${RUNNER_TEMP:-/tmp}/git-pp.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/cache
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
output=${GITHUB_OUTPUT:-/dev/null}
cd "$GITHUB_WORKSPACE"

pp() { node "$GITHUB_ACTION_PATH/bin/git-pp.cjs" "$@"; }

# Text of others as a code block: each line indented, so that no fence inside can end it.
quoted() { sed 's/^/    /'; }

end() { # verdict, status
  printf 'verdict=%s\nstatus=%s\n' "$1" "$2" >>"$output"
  exit "$2"
}

refuse() { # verdict, status, sentence
  printf 'git pp: %s\n' "$3" >&2
  printf '### git pp: %s\n\n%s\n' "$1" "$3" >>"$summary"
  end "$1" "$2"
}

is_id() { [[ $1 =~ ^[0-9a-f]{40}([0-9a-f]{24})?$ ]]; }

# The checkout of a pull request is one commit, the merge: the two ends and what lies between them have to be brought.
complete() {
  local shallow
  shallow=$(git rev-parse --is-shallow-repository)
  if [ "$shallow" = true ] || ! git cat-file -e "$ACTION_BASE^{commit}" || ! git cat-file -e "$ACTION_HEAD^{commit}"; then
    local depth=()
    [ "$shallow" = true ] && depth=(--unshallow)
    git fetch --quiet --no-tags --no-recurse-submodules "${depth[@]}" origin "$ACTION_BASE" "$ACTION_HEAD"
  fi 2>"$scratch/fetch" || {
    quoted <"$scratch/fetch" >&2
    refuse INCONCLUSIVE 6 'the base or the head commit is not in this checkout and cannot be fetched; check out with fetch-depth: 0'
  }
}

range=("$ACTION_BASE..$ACTION_HEAD")
gate=(--policy-from "$ACTION_BASE" --trust-from "$ACTION_BASE" "--require=$ACTION_REQUIRE" "--threshold=$ACTION_THRESHOLD")

# An old commit has an old policy, and who makes a branch chooses the commit that it leaves from: the policy is that of the base.
prove() {
  local words=("${range[@]}" --policy-from "$ACTION_BASE")
  [ -n "$ACTION_COMMAND" ] && words+=("$ACTION_COMMAND")
  pp prove --json "${words[@]}" >"$scratch/answer"
}

verify() {
  # No proof to fetch is no fault of its own: verify says of which commit there is none.
  pp fetch "$ACTION_NOTES_FROM" >/dev/null || true
  pp verify --json "${range[@]}" "${gate[@]}" >"$scratch/answer"
}

# That the steps which follow have to run is no failure of this one.
covered() {
  local words=(--base "$ACTION_BASE" "--max-age=$ACTION_MAX_AGE") status=0
  [ -n "$ACTION_COMMAND" ] && words+=("$ACTION_COMMAND")
  pp fetch "$ACTION_NOTES_FROM" >/dev/null || true
  pp covered --json "${words[@]}" >"$scratch/answer" || status=$?
  printf 'covered=%s\n' "$([ "$status" -eq 0 ] && echo true || echo false)" >>"$output"
  [ "$status" -le 1 ] || return "$status"
}

# What a job shows of the same proofs elsewhere: annotations on the change, and files for whoever shows test results or findings.
files() {
  local words=(--policy-from "$ACTION_BASE" --allow-unsigned)
  [ "$ACTION_MODE" = prove ] || words=("${range[@]}" "${gate[@]}")
  pp report "${words[@]}" --format github 2>/dev/null | grep -E '^::(error|warning|notice) ' || true
  # Outside of the checkout, where a change could have put a link in their way.
  local made format
  made=$(mktemp -d "${RUNNER_TEMP:-/tmp}/git-pp-reports.XXXXXX")
  for format in junit sarif; do
    if pp report "${words[@]}" --format "$format" >"$made/git-pp.$format" 2>/dev/null; then
      printf '%s=%s\n' "$format" "$made/git-pp.$format" >>"$output"
    fi
  done
}

# The newest session, or the proofs of the range; a summary of more than 1 MiB is shown by nobody.
reports() {
  local commit
  if [ "$ACTION_MODE" = prove ]; then
    pp report --format markdown
  else
    git rev-list --reverse "$ACTION_BASE..$ACTION_HEAD" | while read -r commit; do
      pp report "$commit" --format markdown 2>/dev/null || true
    done
  fi >"$scratch/reports" 2>/dev/null || true
  if [ "$(wc -c <"$scratch/reports")" -lt 900000 ]; then cat "$scratch/reports"; else
    printf 'The reports are too long for this page: `git pp report COMMIT` has them.\n'
  fi
}

field() { # of the answer; nothing where there is none
  node -e 'try { console.log(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))[process.argv[2]] ?? "") } catch {}' "$scratch/answer" "$1"
}

case "$ACTION_MODE" in prove | verify | covered) ;; *) refuse USAGE 2 'mode must be prove, verify or covered' ;; esac
is_id "$ACTION_BASE" && is_id "$ACTION_HEAD" || refuse USAGE 2 'base and head must be full commit ids; on pull_request they are known without being set'
case "$ACTION_COMMAND" in -*) refuse USAGE 2 'command must be one line for sh, and must not begin with -' ;; esac
case "$ACTION_NOTES_FROM" in -* | *::*) refuse USAGE 2 'notes-from must be an address' ;; esac
complete

# What tests print must not be taken for commands to the runner.
token=$(node -p 'require("crypto").randomUUID()')
echo "::stop-commands::$token"
status=0
"$ACTION_MODE" || status=$?
verdict=$(field verdict)
[[ $verdict =~ ^[A-Z_]+$ ]] || verdict=ERROR
{
  printf '### git pp %s: %s\n\n' "$ACTION_MODE" "$verdict"
  field reason | quoted
  printf '\n'
  if [ "$status" -ne 2 ] && [ "$ACTION_MODE" != covered ]; then reports; fi
} | tee -a "$summary"
echo "::$token::"
if [ "$status" -ne 2 ] && [ "$ACTION_MODE" != covered ]; then files; fi
end "$verdict" "$status"
