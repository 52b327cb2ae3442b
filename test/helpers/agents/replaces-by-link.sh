#!/bin/sh
# Puts a link in the place of a file.
rm calc.py && ln -s /etc/hostname calc.py
