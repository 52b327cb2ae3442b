#!/bin/sh
# Mends calc.py in place, adds a file, removes one, and leaves what test runners leave.
sed -i.bak 's/a - b/a + b/' calc.py && rm calc.py.bak
mkdir -p lib __pycache__ build
printf 'new\n' > lib/new.txt
printf 'x' > __pycache__/calc.pyc
printf 'x' > build/out.o
rm -f old.txt
echo 'I mended it.'
