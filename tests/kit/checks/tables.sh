#!/bin/sh
# Every row of every table is at work.
exec /usr/bin/python3 tests/kit/tables.py
