"""For your own tests: contract suites for engines, in-memory twins, a fixed clock, a make-believe shop."""
