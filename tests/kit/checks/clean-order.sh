#!/bin/sh
# clean-order.sh: dcatapclean repairs the same whatever the prefixes, the order of statements and the names of
# blank nodes.
exec python3 tests/kit/clean_order.py
