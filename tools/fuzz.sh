#!/usr/bin/env bash
# Runs each fuzz target for some seconds (default 60): fuzz.sh [SECONDS]. Corpora and findings stay in build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
targets=()
for source in tests/fuzz/*_fuzz.cpp; do targets+=("$(basename "$source" .cpp)"); done
cmake --build build/fuzz --target "${targets[@]}" -- --quiet
for target in "${targets[@]}"; do
  echo "== $target"
  mkdir -p "build/fuzz/corpus/$target"
  seeds=()
  [ "$target" = drill_fuzz ] && seeds=("$PWD/controller/drills" "$PWD/tests/drills")
  [ -d "tests/fuzz/seeds/${target%_fuzz}" ] && seeds=("$PWD/tests/fuzz/seeds/${target%_fuzz}")
  (cd build/fuzz && "fuzz/$target" "corpus/$target" "${seeds[@]}" -max_total_time="$seconds" -max_len=16384 -timeout=10 -print_final_stats=1 2>&1 | grep -E 'stat::number_of_executed_units|ERROR|SUMMARY|Test unit written' || true)
done
