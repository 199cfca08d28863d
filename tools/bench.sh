#!/usr/bin/env bash
# Measures the lab's bars on this machine and prints each beside its bound: bench.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
command -v tcpdump >/dev/null && command -v httperf >/dev/null || {
  sudo=""; [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get install -y -qq --no-install-recommends tcpdump httperf python3 curl postgresql-client redis-tools util-linux >/dev/null
}
exec python3 tools/bench/bench.py "$build/bin" build/tools
