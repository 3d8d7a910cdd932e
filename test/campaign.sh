#!/bin/sh
# ./dev campaign [ROUNDS]: the kill campaign at every named step and at ROUNDS random moments (10,500 by default, which
# are some 10,000 kills), then INGESTS of damaged repositories (1,000 by default), CUTS power cuts (1,000 by default) and every fault of the
# disk, then the tests that run agents in seals under strace, then SEEDS simulator seeds (1,000,000 by default).
# The kills and the faults mostly wait, so that they go in SHARDS (4) at a time, and rounds of random kills in LANES
# (16). The figures go to docs/guarantees.md.
set -eu
cd "$(dirname "$0")/.."
export PIANOLA_CAMPAIGN_ROUNDS="${1:-10500}" PIANOLA_CAMPAIGN_SEED="${PIANOLA_CAMPAIGN_SEED:-1}"
export PIANOLA_CAMPAIGN_LANES="${LANES:-16}"
export GTEST_TOTAL_SHARDS="${SHARDS:-4}"
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# in_shards NAME PROGRAM [ARGUMENT...]
in_shards() {
  name=$1
  shift
  shards=
  index=0
  while [ "$index" -lt "$GTEST_TOTAL_SHARDS" ]; do
    GTEST_SHARD_INDEX=$index "$@" >"$logs/$name.$index" 2>&1 &
    shards="$shards $!"
    index=$((index + 1))
  done
  for shard in $shards; do wait "$shard" || verdict=1; done
  cat "$logs/$name".*
}

verdict=0
in_shards kills build/check/test_campaign
export PIANOLA_CAMPAIGN_INGESTS="${INGESTS:-1000}"
in_shards ingests build/check/test_git --gtest_filter='*DamagedRepository*'
export PIANOLA_CAMPAIGN_CUTS="${CUTS:-1000}"
in_shards disk build/check/test_disk
sh test/outside/suite.sh >"$logs/outside" || verdict=1
cat "$logs/outside"
build/check/pianola_sim --seeds "1..${SEEDS:-1000000}" >"$logs/sim" || verdict=1
cat "$logs/sim"
cat "$logs"/* >build/check/campaign.log
sh test/guarantees.sh long build/check/campaign.log docs/guarantees.md || verdict=1
exit "$verdict"
