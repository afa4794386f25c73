#!/usr/bin/env bash
# Two devices count one warehouse: starts a server, opens both, or plays them by a script when there is no display.
#   run.sh BUILD [--catalogue FILE] [--script] [--language en|de] [--reset]
#   run.sh --check ...    only looks at the arguments
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1
shift
usage="usage: examples/run inventory [--catalogue FILE] [--script] [--language en|de] [--reset]
  --catalogue FILE  a TSV or CSV file with a header row: barcode, name, category, brand
  --script          play both devices by a script and compare them, even with a display
  --language        en or de; the system's when not given
  --reset           forget what was counted before"
catalogue="$here/data/catalogue.tsv"
script=
reset=
language=()
refuse() {
  echo "$1"$'\n'"$usage" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case "$1" in --catalogue | --language) [ -n "${2:-}" ] || refuse "$1 needs a value" ;; esac
  case "$1" in
    --catalogue) catalogue=$(realpath -m -- "$2"); shift ;;
    --language) language=(--language "$2"); shift ;;
    --script) script=yes ;;
    --reset) reset=yes ;;
    -h | --help) echo "$usage"; exit 0 ;;
    *) refuse "unknown argument: $1" ;;
  esac
  shift
done
[ -r "$catalogue" ] || { echo "The catalogue $catalogue cannot be read." >&2; exit 2; }
[ "$build" != --check ] || exit 0
build=$(cd "$build" && pwd)
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || script=yes

data="$build/inventory-data"
if [ -n "$script" ]; then
  data=$(mktemp -d)
elif [ -n "$reset" ]; then
  rm -rf "$data"
fi
mkdir -p "$data"
pids=()
cleanup() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  [ -z "$script" ] || rm -rf "$data"
}
trap cleanup EXIT

export TIDELINE_API_KEY=da2-inventory
trigger=()
erp=()
if [ -n "$script" ]; then                   # which plays an ERP too
  port=$((20000 + RANDOM % 10000))
  while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  TIDELINE_TRIGGER_SECRET=$(head -c 24 /dev/urandom | base64)
  export TIDELINE_TRIGGER_SECRET
  trigger=(--trigger "StockCount=http://127.0.0.1:$port/counts")
  erp=(--erp-port "$port")
fi
"$build/src/tools/tideline" serve "$here/schema.graphql" --port 0 --database "$data/server.sqlite" "${trigger[@]}" >"$data/server.log" 2>&1 &
pids+=($!)
url=
for _ in $(seq 200); do
  url=$(sed -n 's/^listening on \(http:.*\)/\1/p' "$data/server.log")
  [ -z "$url" ] || break
  kill -0 "${pids[0]}" 2>/dev/null || break
  sleep 0.05
done
[ -n "$url" ] || { echo "The server did not start:" >&2; cat "$data/server.log" >&2; exit 1; }
echo "Server: $url"

app=("$build/examples/inventory/inventory" --url "$url" --store "$data" "${language[@]}")
if [ -z "$script" ]; then
  "${app[@]}" --device "Device A" --catalogue "$catalogue" &
  first=$!
  "${app[@]}" --device "Device B" &
  pids+=("$first" $!)
  wait "$first" "$!"
else
  screenshots="$build/screenshots"
  mkdir -p "$screenshots"
  export XDG_RUNTIME_DIR="$data" QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software
  code=0
  "${app[@]}" --script --catalogue "$catalogue" --screenshots "$screenshots" "${erp[@]}" || code=$?
  echo "Screenshots: $screenshots"
  exit $code
fi
