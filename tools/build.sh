#!/usr/bin/env bash
# Configures when needed and builds one preset: build.sh release|dev|tsan
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
exec cmake --build "build/$preset" -- --quiet
