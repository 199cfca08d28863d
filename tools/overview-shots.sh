#!/usr/bin/env bash
# Pictures of the Overview dashboard: of a healthy lab, and for each fault that exists while it bites.
#   overview-shots.sh OUTDIR     writes OUTDIR/healthy.png, OUTDIR/FAULT.png
# Starts a guided lab and a Prometheus of its own and ends both. Takes about ten minutes. Needs the binaries (make binaries;
# CHAOSLAB_BIN names another folder), tools/unpack.sh's Prometheus and chromium.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,5p "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
bin=${CHAOSLAB_BIN:-build/release/bin}
users=800                 # a realistic afternoon: four servers are a fifth busy
quiet_s=45                # of health before each fault, so that a picture shows one fault
show_s=10                 # how long a fault bites before the picture is taken
window_s=60

export CHAOSLAB_DRILLS=${CHAOSLAB_DRILLS:-$PWD/controller/drills}
command -v chromium >/dev/null || { echo "overview-shots: chromium is missing (apt-get install chromium)" >&2; exit 1; }
[ -x "$bin/chaosctl" ] || { echo "overview-shots: no $bin/chaosctl: make binaries" >&2; exit 1; }
tools/unpack.sh prometheus

mkdir -p build
work=$(mktemp -d build/shots.XXXXXX)
work=$PWD/$work
ctl() { "$bin/chaosctl" --data "$work/lab" "$@"; }
prometheus=""
finish() {
  ctl down >/dev/null 2>&1 || true
  if [ -n "$prometheus" ]; then kill "$prometheus" 2>/dev/null || true; wait "$prometheus" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

ctl up guided-incident-response --speed 60 >/dev/null
http=$(sed -E 's/.*"http":"([^"]*)".*/\1/' "$work/lab/lab.json")
prom=${http%:*}:9090        # the lab's own address range: nobody else listens there
ctl rules --drill guided-incident-response --speed 60 >"$work/rules.yml"
cat >"$work/prometheus.yml" <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - {job_name: controller, static_configs: [{targets: ['$http']}]}
  - {job_name: nodes, http_sd_configs: [{url: 'http://$http/sd', refresh_interval: 1s}]}
  - {job_name: prometheus, static_configs: [{targets: ['$prom']}]}
YAML
build/tools/usr/bin/prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address="$prom" >"$work/prometheus.log" 2>&1 &
prometheus=$!
ctl traffic set "$users" >/dev/null

# Whether an expression has a result; a comparison has one while it holds.
holds() { [ -n "$(build/tools/usr/bin/promtool query instant "http://$prom" "$1" 2>/dev/null)" ]; }
wait_for() {      # SECONDS WHAT EXPRESSION
  for _ in $(seq $(($1 * 5))); do
    holds "$3" && return
    sleep 0.2
  done
  echo "overview-shots: not within $1 s: $2 ($3)" >&2
  exit 1
}

p95='histogram_quantile(0.95, sum by (le) (rate(client_request_seconds_bucket[5s])))'
bad='(1 - sum(rate(lab_user_requests_good_total[5s])) / sum(rate(lab_user_requests_total[5s])))'
all_ready='(count(lab_node_duty == 1) == count(lab_node_duty == 1 and lab_node_ready == 1))'
# Every node that is wanted serves, users are content, nobody is behind or full; and so it was for a while.
healthy="$all_ready and on() ($bad < 0.01) and on() ($p95 < 0.32) and on() (max(postgres_replication_lag_seconds{role=\"replica\"}) < 1) and on() (min(up{job=\"nodes\"}) == 1)"
healthy+=" and on() (max(process_resident_memory_bytes{job=\"nodes\"} / node_memory_limit_bytes) < 0.5)"
healthy_long="min_over_time((sum($healthy) or vector(0))[${quiet_s}s:1s]) > 0 and on() (count_over_time(lab_users[${quiet_s}s]) >= $quiet_s - 3)"

picture() {       # NAME
  tools/render-dashboard.py dashboards/json/chaoslab-overview.json --prometheus "http://$prom" --record "http://$http" --last "$window_s" -o "$work/$1.html"
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --user-data-dir="$work/chromium" --force-device-scale-factor=1 --hide-scrollbars --window-size=1440,900 \
    --screenshot="$out/$1.png" "file://$work/$1.html" >/dev/null 2>&1
  [ -s "$out/$1.png" ] || { echo "overview-shots: chromium made no $1.png" >&2; exit 1; }
  echo "$out/$1.png; firing: $(build/tools/usr/bin/promtool query instant "http://$prom" 'count by (alertname) (ALERTS{alertstate="firing"})' | grep -oE '"[A-Za-z]+"' | tr -d '"' | sort | paste -sd' ')"
}

# kind | target and strength | holds once it bites
faults() {
  cat <<'LIST'
memory_leak|server-2 --mb-per-lab-hour 100|max(process_resident_memory_bytes{node="server-2"} / node_memory_limit_bytes) > 0.72
crash|server-2|lab_node_ready{node="server-2"} == 0
pause|postgres-1|up{node="postgres-1"} == 0
latency|server->redis --delay-ms 250|histogram_quantile(0.95, sum by (le) (rate(client_request_seconds_bucket[5s]))) > 0.32
blackhole|server->postgres|1 - sum(rate(lab_user_requests_good_total[5s])) / sum(rate(lab_user_requests_total[5s])) > 0.05
error|server --probability 0.3|1 - sum(rate(lab_user_requests_good_total[5s])) / sum(rate(lab_user_requests_total[5s])) > 0.05
flush|redis-1|max_over_time(redis_keys[10s]) - redis_keys > 100
lag|replica-1 --delay-lab-s 600|max(postgres_replication_lag_seconds{role="replica"}) > 2
LIST
}

known=$(faults | cut -d'|' -f1 | sort)
exist=$("$bin/chaosctl" -o json faults | grep -oE '"name":"[a-z_]+"' | cut -d'"' -f4 | sort)
[ "$known" = "$exist" ] || { echo "overview-shots: its list of faults is not that of chaosctl faults:" >&2; diff <(echo "$known") <(echo "$exist") >&2; exit 1; }

wait_for 180 "a healthy lab" "$healthy_long"
picture healthy
while IFS='|' read -r kind how bites <&3; do
  read -r target strength <<<"$how"
  wait_for 180 "recovery before $kind" "$healthy_long"
  # shellcheck disable=SC2086
  ctl inject "$kind" "$target" $strength >/dev/null
  wait_for 60 "$kind bites" "$bites"
  case $kind in crash | flush | memory_leak) sleep 4 ;; *) sleep "$show_s" ;; esac      # those are over soon
  picture "$kind"
  ctl clear --all >/dev/null
  # What leaked is gone only with the process.
  [ "$kind" != memory_leak ] || ctl restart server-2 >/dev/null
done 3< <(faults)
