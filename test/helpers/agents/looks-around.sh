#!/bin/sh
# Writes what it was given into files that come back as edits.
cat > seen-request.json
env | sort > seen-env.txt
git log --format='%an %s' > seen-log.txt
git status --porcelain calc.py > seen-status.txt
