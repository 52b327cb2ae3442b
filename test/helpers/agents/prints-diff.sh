#!/bin/sh
# Changes nothing and prints a diff.
cat > /dev/null
printf '%s\n' '--- a/calc.py' '+++ b/calc.py' '@@ -1,2 +1,2 @@' ' def add(a, b):' '-    return a - b' '+    return a + b'
