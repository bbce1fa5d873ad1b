"""One file per promised number; `python -m benchmarks` measures them all."""
