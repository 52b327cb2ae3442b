#!/usr/bin/env bash
# Builds git pp from the source of the action, which lies outside of the checkout; what runs already is left as it is.
set -euo pipefail

case "$GITHUB_ACTION_PATH/" in
"$GITHUB_WORKSPACE"/*)
  echo "git pp: the action is inside the checkout, so the change under test could rewrite it; use OWNER/REPOSITORY@COMMIT" >&2
  exit 2
  ;;
esac

cd "$GITHUB_ACTION_PATH"
if node bin/git-pp.cjs help verify >/dev/null 2>&1; then exit 0; fi
# The lock file has the digest of every package, and none of them runs a script of its own.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm run --silent build
