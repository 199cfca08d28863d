#!/usr/bin/env bash
# clang-tidy on the sources that changed since REV (default: all), and the length of files: lint.sh [REV]
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build/lint/build.ninja ] || cmake --preset release -B build/lint -DCHAOSLAB_PCH=OFF >/dev/null
cmake --build build/lint --target chaos_proto -- --quiet
long=$(git ls-files '*.cpp' '*.hpp' | xargs wc -l | awk '$1 > 300 && $2 != "total"')
[ -z "$long" ] || { echo "over 300 lines:"; echo "$long"; exit 1; }
if [ $# -gt 0 ]; then files=$(git diff --name-only "$1" -- 'nodes/*.cpp' 'controller/*.cpp'); else files=$(git ls-files 'nodes/*.cpp' 'controller/*.cpp'); fi
echo "$files" | xargs -P "$(nproc)" -n 8 clang-tidy-19 -p build/lint --quiet
