#!/bin/sh
# Starts a grandchild that ignores TERM, tells its process id, and waits for ever.
sh -c 'trap "" TERM; echo $$ >&2; while :; do sleep 1; done' &
wait
