#!/bin/sh
# What the golden cases expect on standard output is what the JSON schemas say.
exec /usr/bin/python3 tests/kit/schemas.py "$BUILD/schemas"
