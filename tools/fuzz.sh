#!/usr/bin/env bash
# Runs each fuzz target for some seconds (default 60), as many at once as there are cores: fuzz.sh [SECONDS]. Fails when one
# finds something. Corpora, logs and findings stay in build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
tools/build.sh release fuzzers
targets=()
for source in tests/fuzz/*_fuzz.cpp; do targets+=("$(basename "$source" .cpp)"); done

run_one() {
  local target=$1 seconds=$2 root=$PWD seeds=()
  mkdir -p "build/fuzz/corpus/$target" "build/fuzz/findings"
  [ "$target" = drill_fuzz ] && seeds=("$root/controller/drills" "$root/tests/drills")
  [ -d "tests/fuzz/seeds/${target%_fuzz}" ] && seeds=("$root/tests/fuzz/seeds/${target%_fuzz}")
  if (cd build/fuzz && "../release/fuzz/$target" "corpus/$target" "${seeds[@]}" -artifact_prefix="findings/$target-" -max_total_time="$seconds" \
      -max_len=16384 -timeout=10 -print_final_stats=1 >"$target.log" 2>&1); then
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$target.log") runs, no finding"
  else
    echo "$target: FAILED, see build/fuzz/$target.log" >&2
    grep -E 'ERROR|SUMMARY|Test unit written' "build/fuzz/$target.log" >&2 || tail -5 "build/fuzz/$target.log" >&2
    return 1
  fi
}
export -f run_one
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'run_one {} '"$seconds"
