# make lab and make test do everything on a fresh Debian or Ubuntu machine, set-up included.
SHELL := /bin/bash
BUILD := build/release
JOBS ?= $(shell nproc)
# Programs of packages that would start a daemon when installed: for the tests they are only unpacked.
UNPACKED := prometheus prometheus-alertmanager prometheus-postgres-exporter prometheus-redis-exporter \
	prometheus-haproxy-exporter rabbitmq-server $(shell apt-cache depends postgresql 2>/dev/null | awk '/Depends: postgresql-[0-9]/ {print $$2; exit}')
# What `make bench` measures the nodes against, with the libraries that only these bring.
RIVALS := redis-server redis-tools haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 nginx wrk rabbitmq-server \
	$(addprefix erlang-,base asn1 crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp ssl syntax-tools tftp tools xmerl) \
	$(filter postgresql-%,$(UNPACKED))
TSAN_TESTS := $(addprefix unit_,runtime wire upstream faults client cdn lb server redis replica postgres queue worker object_store lab drill rules record launch web)

.DEFAULT_GOAL := help
.PHONY: help lab test compatibility build binaries bench setup setup-test test-compose test-swarm check-grafana dashboards test-dev test-tsan fuzz lint clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

lab: binaries ## run the guided drill in the foreground; Ctrl-C ends it
	@$(BUILD)/bin/chaosctl drill run guided-incident-response --speed 60 || [ $$? -eq 7 ]

test: build ## unit, protocol, chaos and end-to-end tests
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS) -LE compose

binaries: setup ## the release binaries, in build/release/bin
	@tools/build.sh release chaos-node chaos-controller chaosctl

build: setup-test ## the binaries and the tests
	@tools/build.sh release

bench: binaries ## measure the bars: memory, CPU, start, injection, station, client; ratios to the real products
	@tools/unpack.sh $(RIVALS) && tools/bench.sh $(BUILD)

setup: ## install what the build needs (apt)
	@tools/setup.sh build

setup-test: setup ## install the clients that the tests drive the nodes with (apt)
	@tools/setup.sh test && tools/unpack.sh $(UNPACKED)

compatibility: build ## make docs/compatibility.md anew from what the protocol tests show
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS) -L "protocol|clients" -E CompatibilityPage && tools/compatibility.py write $(BUILD)

test-compose: build ## the lab in containers: installs and starts Docker where it is missing, builds the image, runs it
	@tools/docker.sh up && tools/docker.sh image && tools/docker.sh offline && $(BUILD)/tests/compose; result=$$?; tools/docker.sh down; exit $$result

test-swarm: ## the lab on a swarm of three machines made of namespaces (root); not part of CI
	@tools/docker.sh up && tools/docker.sh image && tools/docker.sh offline && tools/swarm-test.sh; result=$$?; tools/docker.sh down; exit $$result

check-grafana: ## bring the compose lab up with the official images and ask Grafana whether all that is provisioned is there
	@compose="docker compose"; $$compose version >/dev/null 2>&1 || compose=docker-compose; \
	$$compose -f compose/compose.yaml up -d && tools/check-grafana.py

dashboards: ## make dashboards/json anew from dashboards/src
	@tools/dashboards.sh build

test-dev: setup-test ## unit and protocol tests under AddressSanitizer and UndefinedBehaviorSanitizer (whole labs: their memory limits are for plain processes)
	@tools/build.sh dev && ctest --test-dir build/dev --output-on-failure -j $(JOBS) -LE "drill|chaos|e2e|clients|compose"

test-tsan: setup-test ## the unit tests of what has no gRPC under ThreadSanitizer
	@tools/build.sh tsan $(TSAN_TESTS) && ctest --test-dir build/tsan --output-on-failure -j $(JOBS) -L '^unit$$'

lint: ## clang-tidy: lengths of functions and files, lost moves
	@tools/setup.sh lint && tools/lint.sh

fuzz: setup ## each decoder's fuzz target for a minute
	@tools/fuzz.sh

clean: ## remove the builds and the lab's data
	rm -rf build .chaoslab
