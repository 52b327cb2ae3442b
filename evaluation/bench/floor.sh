#!/bin/sh
# What a careful person would type to try one patch: the floor that `git pp run` is measured against.
# usage: floor.sh REPOSITORY PATCH RUNS, RUNS = 2 (red, green) or 4 (red, green, red, green)
set -eu
cd "$1"
patch=$2
tree=$(mktemp -d)/w
git worktree add -q --detach "$tree" HEAD
(cd "$tree" && node --test >/dev/null 2>&1) && exit 1
git -C "$tree" apply "$patch"
(cd "$tree" && node --test >/dev/null 2>&1)
if [ "$3" = 4 ]; then
  git -C "$tree" apply -R "$patch"
  (cd "$tree" && node --test >/dev/null 2>&1) && exit 1
  git -C "$tree" apply "$patch"
  (cd "$tree" && node --test >/dev/null 2>&1)
fi
git -C "$tree" commit -qam 'mend'
git notes --ref=floor add -f -m 'red, green' "$(git -C "$tree" rev-parse HEAD)"
git worktree remove --force "$tree"
