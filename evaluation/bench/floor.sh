#!/bin/sh
# What a careful person would type to try one patch: the floor that git pp is measured against.
# usage: floor.sh REPOSITORY PATCH RUNS [BASE]; RUNS = 2 (red, green) or 3 (red, green, red); the patch applies to BASE
set -eu
cd "$1"
patch=$2
base=${4:-HEAD}
tree=$(mktemp -d)/w
git worktree add -q --detach "$tree" "$base"
(cd "$tree" && node --test >/dev/null 2>&1) && exit 1
git -C "$tree" apply "$patch"
(cd "$tree" && node --test >/dev/null 2>&1)
if [ "$3" = 3 ]; then
  git -C "$tree" apply -R "$patch"
  (cd "$tree" && node --test >/dev/null 2>&1) && exit 1
  git -C "$tree" apply "$patch"
fi
git -C "$tree" commit -qam 'mend'
git notes --ref=floor add -f -m 'red, green' "$(git -C "$tree" rev-parse HEAD)"
git worktree remove --force "$tree"
