.PHONY: demo test lint bench docs
help:
	@echo "make demo    a year of real shopping through the whole loop, then a shop, an API and a console to look at"
	@echo "make test    everything (ONLY=quick: the fast part, under a minute)"
	@echo "make lint    ruff, mypy"
	@echo "make bench   every promised number, measured: benchmarks/results.json (QUALITY=1: recommendations on the open sets)"
	@echo "make docs    check that docs match the code and that their examples run"
demo: ; @sh scripts/with-venv demo tailorbird demo $(ARGS)
test: ; @sh scripts/with-venv dev sh scripts/run-tests $(ONLY)
lint: ; @sh scripts/with-venv dev sh -c 'ruff check . && ruff format --check . && mypy'
bench: ; @sh scripts/with-venv dev sh scripts/compiled python -m benchmarks$(if $(QUALITY),.quality) $(ARGS)
docs: ; @sh scripts/with-venv dev pytest tests/docs -q
