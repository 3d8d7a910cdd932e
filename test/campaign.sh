#!/bin/sh
# ./dev campaign [ROUNDS]: the kill campaign at every pass of every named step and at ROUNDS random moments
# (1,000 by default), then SEEDS simulator seeds (100,000 by default).
set -eu
cd "$(dirname "$0")/.."
export PIANOLA_CAMPAIGN_ROUNDS="${1:-1000}" PIANOLA_CAMPAIGN_SEED="${PIANOLA_CAMPAIGN_SEED:-1}"
build/check/test_campaign
build/check/pianola_sim --seeds "1..${SEEDS:-100000}"
