# Needs Python 3.11 or newer with pip and venv, and make. Everything else sets itself up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# On Debian and Ubuntu, as root, system packages come by apt; elsewhere their names are said, and we go on.
PLAY_PACKAGES := libportaudio2 libjack-jackd2-0
TEST_PACKAGES := $(PLAY_PACKAGES) jackd2 liblo-tools puredata-core supercollider-language iproute2 ardour jack-midi-clock
BENCH_PACKAGES := $(TEST_PACKAGES) fluidsynth fluid-soundfont-gm amsynth faust g++ supercollider-server

# Peers for the tests that come by npm, where there is one.
NPM_PACKAGES := osc@2 node-osc@11 oscquery@1 ws@8

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help play test lint bench pictures layouts clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18
	@echo '  ARGS="..." hands options on:  make play ARGS="--set bowls --mode keys"'
	@echo '  PYTHON=... chooses the interpreter that .venv is made from'

play: $(VENV)/play.stamp ## set up, and play the instrument
	@$(BIN)/weaver play $(ARGS)

test: $(VENV)/test.stamp ## set up, and run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/test.stamp ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/bench.stamp ## set up other synthesizers, and measure beside them
	$(BIN)/weaver bench $(ARGS)

pictures: $(VENV)/play.stamp ## draw the pictures of the README anew
	$(BIN)/python -m weaver.commands.portrait .pictures/terminal.svg
	$(BIN)/weaver render .pictures/score.mid -o $(VENV)/score.flac --plot .pictures/spectrogram.png
	$(BIN)/weaver anatomy auditorium Azure --damage 0.6 --plot .pictures/anatomy.png
	$(BIN)/weaver loom launchpad-x -o .pictures/loom.png
	$(BIN)/weaver plot .pictures/evening.take -o .pictures/timeline.png
	$(BIN)/python -m weaver.commands.tablet_portrait .pictures/tablet.svg

LAYOUTS := tablet-landscape tablet-portrait phone-landscape phone-portrait
layouts: $(VENV)/play.stamp ## make the ready-made layouts for TouchOSC anew
	$(foreach one,$(LAYOUTS),$(BIN)/weaver touchosc -o configs/touchosc/$(one).tosc --force \
	  --size $(word 1,$(subst -, ,$(one))) --orientation $(word 2,$(subst -, ,$(one))) &&) true

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(call system,PACKAGES): install what is missing where we may, else say what is
define system
	@missing=; \
	if command -v dpkg-query >/dev/null 2>&1; then \
	  for package in $(1); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	  done; \
	  if [ -z "$$missing" ]; then :; \
	  elif [ "$$(id -u)" = 0 ]; then \
	    echo "installing$$missing"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing; } \
	      >/dev/null || echo "could not install$$missing: going on without"; \
	  else \
	    echo "missing:$$missing; to have them: sudo apt install$$missing"; \
	  fi; \
	elif [ "$$(uname)" = Linux ]; then \
	  echo "if they are missing, install PortAudio and the JACK client library (on Debian: $(1))"; \
	fi
endef

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(MAKE) --no-print-directory -s python3-venv; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip

.PHONY: python3-venv
python3-venv: # Debian keeps a part of Python apart
	$(call system,python3-venv)

$(VENV)/play.stamp: pyproject.toml Makefile | $(VENV)/bin/pip
	$(call system,$(PLAY_PACKAGES))
	$(BIN)/pip install -q -e '.[plot]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/play.stamp
	$(call system,$(TEST_PACKAGES))
	$(BIN)/pip install -q -e '.[plot,dev]'
	@if command -v npm >/dev/null 2>&1; then \
	  echo "installing $(NPM_PACKAGES)"; \
	  npm install --prefix $(VENV)/peers --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error \
	    $(NPM_PACKAGES) >/dev/null || echo "could not install $(NPM_PACKAGES): going on without"; \
	else \
	  echo "npm is missing: tests with $(NPM_PACKAGES) will be skipped"; \
	fi
	@touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(call system,$(BENCH_PACKAGES))
	@$(BIN)/pip install -q --only-binary :all: pyo || echo "no pyo for this Python: measuring without it"
	@touch $@
