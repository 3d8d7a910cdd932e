#!/bin/sh
# ./dev campaign [ROUNDS]: the kill campaign at every named step and at ROUNDS random moments (1,000 by default),
# then SEEDS simulator seeds (100,000 by default). The kills mostly wait, so that they go in SHARDS (4) at a time.
set -eu
cd "$(dirname "$0")/.."
export PIANOLA_CAMPAIGN_ROUNDS="${1:-1000}" PIANOLA_CAMPAIGN_SEED="${PIANOLA_CAMPAIGN_SEED:-1}"
export GTEST_TOTAL_SHARDS="${SHARDS:-4}"
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

shards=
index=0
while [ "$index" -lt "$GTEST_TOTAL_SHARDS" ]; do
  GTEST_SHARD_INDEX=$index build/check/test_campaign >"$logs/$index" 2>&1 &
  shards="$shards $!"
  index=$((index + 1))
done
verdict=0
for shard in $shards; do wait "$shard" || verdict=1; done
cat "$logs"/*
build/check/pianola_sim --seeds "1..${SEEDS:-100000}" || verdict=1
exit "$verdict"
