#!/usr/bin/env bash
# Configures when needed and builds one preset: build.sh release|dev|tsan [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" ${CHAOSLAB_CMAKE_FLAGS:-} >/dev/null
shift || true
targets=()
for target in "$@"; do targets+=(--target "$target"); done
exec cmake --build "build/$preset" "${targets[@]}"
