#!/bin/sh
# Runs COMMAND beside a scripted model, with the agent CLIs set up to talk to it and to nothing else.
#
# usage: with_model.sh SCENARIO [--log FILE] [--homes DIR] -- COMMAND...
#   --log FILE    the requests the model got, as JSON lines
#   --homes DIR   where the CLIs keep their conversations, DIR/claude and so on; kept for a later call
#
# The network is a namespace with only loopback where the kernel allows one, else plain loopback; a line on
# stderr says which. COMMAND finds the CLIs on PATH and in its environment what leads them to the model, with
# PIANOLA_MODEL_URL and, where it is uid 0, IS_SANDBOX.
# Exit: that of COMMAND; 77 with a line on stderr when node or the CLIs cannot be had here.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=$root/test/model/server.mjs

skip() { printf 'with_model: skipped: %s\n' "$*" >&2; exit 77; }

# The second half, inside the namespace.
if [ "${1-}" = --inside ]; then
  folder=$2 network=$3 scenario=$4 log=$5 homes=$6
  shift 6
  if [ "$network" = private ]; then
    if command -v ip >/dev/null; then
      ip link set lo up
    else
      # SIOCGIFFLAGS and SIOCSIFFLAGS with IFF_UP, for machines without iproute2.
      perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0) or die; my $r = pack("a16 s x22", "lo", 0);
        ioctl(S, 0x8913, $r) or die; my ($n, $f) = unpack("a16 s", $r);
        ioctl(S, 0x8914, pack("a16 s x22", $n, $f | 1)) or die'
    fi
  fi
  node "$model" --scenario "$scenario" --port-file "$folder/port" --log "$log" --parent-pid $$ >"$folder/model.out" 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  tries=0
  while [ ! -s "$folder/port" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
      cat "$folder/model.out" >&2
      echo 'with_model: the model server did not start' >&2
      exit 1
    fi
    sleep 0.05
  done
  PIANOLA_MODEL_URL=http://127.0.0.1:$(cat "$folder/port")
  export PIANOLA_MODEL_URL
  export ANTHROPIC_BASE_URL="$PIANOLA_MODEL_URL" ANTHROPIC_API_KEY=test-key-of-pianola
  export OPENAI_API_KEY=test-key-of-pianola
  export CLAUDE_CONFIG_DIR="$homes/claude" CODEX_HOME="$homes/codex"
  export CLAUDE_CODE_MAX_RETRIES=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
  [ "$(id -u)" -ne 0 ] || export IS_SANDBOX=1
  export GOOGLE_GEMINI_BASE_URL="$PIANOLA_MODEL_URL" GEMINI_API_KEY=test-key-of-pianola GEMINI_CLI_HOME="$homes/gemini"
  export OPENAI_BASE_URL="$PIANOLA_MODEL_URL/v1" OPENAI_MODEL=scripted QWEN_HOME="$homes/qwen"
  mkdir -p "$CLAUDE_CONFIG_DIR" "$CODEX_HOME" "$GEMINI_CLI_HOME/.gemini" "$QWEN_HOME"
  # Where there is a base URL, gemini wants to be told how it logs in. Without a model it would ask for one first.
  cat >"$GEMINI_CLI_HOME/.gemini/settings.json" <<END
{"security": {"auth": {"selectedType": "gemini-api-key"}}, "model": {"name": "gemini-2.5-pro"},
 "general": {"enableAutoUpdate": false, "enableAutoUpdateNotification": false, "maxAttempts": 1},
 "privacy": {"usageStatisticsEnabled": false}, "telemetry": {"enabled": false}}
END
  cat >"$QWEN_HOME/settings.json" <<END
{"general": {"enableAutoUpdate": false, "disableAutoUpdate": true},
 "privacy": {"usageStatisticsEnabled": false}, "telemetry": {"enabled": false}}
END
  cat >"$CODEX_HOME/config.toml" <<END
model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.scripted]
name = "scripted"
base_url = "$PIANOLA_MODEL_URL/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
request_max_retries = 0
stream_max_retries = 0
END
  # opencode knows no variable for its folders; an agent of it is given this one as its config_dir.
  opencode=$homes/opencode/.config/opencode
  mkdir -p "$opencode"
  cat >"$opencode/opencode.json" <<END
{"model": "scripted/scripted", "small_model": "scripted/scripted",
 "provider": {"scripted": {"npm": "@ai-sdk/openai-compatible", "name": "scripted",
   "options": {"baseURL": "$PIANOLA_MODEL_URL/v1", "apiKey": "test-key-of-pianola"},
   "models": {"scripted": {"name": "scripted", "limit": {"context": 200000, "output": 8000}}}}}}
END
  status=0
  "$@" <&3 3<&- || status=$?
  exit $status
fi

[ $# -ge 3 ] || { echo 'usage: with_model.sh SCENARIO [--log FILE] [--homes DIR] -- COMMAND...' >&2; exit 2; }
scenario=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
log='' homes=''
while [ $# -ge 2 ] && [ "$1" != -- ]; do
  case $1 in
    --log) log=$2 ;;
    --homes) homes=$2 ;;
    *) printf 'with_model: %s: expected --log, --homes or --\n' "$1" >&2; exit 2 ;;
  esac
  shift 2
done
[ $# -ge 2 ] || { echo 'with_model: expected -- and a command' >&2; exit 2; }
shift

command -v node >/dev/null || skip 'node is not on PATH'
programs=$("$root/tools/install-agents" --path) || skip 'the agent CLIs are not installed'
PATH=$programs:$PATH
export PATH
command -v "$1" >/dev/null || skip "$1 is not installed here"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pianola-model-XXXXXX")
trap 'rm -rf "$folder"' EXIT
log=${log:-$folder/requests.jsonl}
homes=${homes:-$folder}

network=private
if [ "$(id -u)" -eq 0 ] && unshare -n true 2>/dev/null; then
  enter='unshare -n --'
elif unshare -rn true 2>/dev/null; then
  enter='unshare -rn --'
else
  enter='' network=shared
  echo 'with_model: network namespaces are refused here; the model is on the plain loopback' >&2
fi
status=0
# Background jobs of a script read from /dev/null; the command keeps this script's stdin as descriptor 3.
$enter sh "$here/with_model.sh" --inside "$folder" "$network" "$scenario" "$log" "$homes" "$@" 3<&0 || status=$?
exit $status
