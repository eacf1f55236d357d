"""The benchmarks; `python -m bench --help` tells how to run them."""
