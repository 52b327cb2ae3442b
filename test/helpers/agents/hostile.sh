#!/bin/sh
# Leaves what must not be followed: links out of the tree, a pipe, a git that runs programs.
ln -s /etc/hostname leak.txt
mkfifo pipe
printf '[core]\n\tfsmonitor = touch %s/ran\n' "$PWD" >> .git/config
mkdir -p sub/.git && printf 'x' > sub/.git/config
printf 'kept\n' > kept.txt
