#!/bin/sh
# clean-order.sh: the catalogues of tests/chain are repaired, and mapped, the same whatever the prefixes, the
# identifiers and the order of statements.
exec python3 tests/kit/clean_order.py
