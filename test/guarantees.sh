#!/bin/sh
# test/guarantees.sh short|long LOG PAGE: writes the figures that the tests printed into LOG into that column of the
# table in PAGE, with today's date. Rows without figures in LOG stay as they are.
#
# A test prints lines "guarantee: G1 | what it does | cuts 25, lost 0". Lines of the same promise and test are added
# up figure by figure, except one that begins with "longest", of which the largest counts.
set -eu
column=$1
log=$2
page=$3
case "$column" in short | long) ;; *) echo "guarantees.sh: short or long, not $column" >&2; exit 2 ;; esac
new=$(mktemp)
trap 'rm -f "$new"' EXIT
awk -v column="$column" -v date="$(date +%F)" -v log_file="$log" '
function trimmed(text) { gsub(/^ +| +$/, "", text); return text }
function add_up(key, figures, parts, n, i, label, number) {
  n = split(figures, parts, ", ")
  for (i = 1; i <= n; i++) {
    label = number = parts[i]
    sub(/ [0-9]+$/, "", label)
    sub(/.* /, "", number)
    if (!((key, label) in sum)) order[key] = order[key] (order[key] == "" ? "" : SUBSEP) label
    if (label ~ /^longest/) { if (number + 0 > sum[key, label]) sum[key, label] = number + 0 }
    else sum[key, label] += number
  }
}
function figures_of(key, labels, n, i, text) {
  n = split(order[key], labels, SUBSEP)
  for (i = 1; i <= n; i++) text = text (i == 1 ? "" : ", ") labels[i] " " sum[key, labels[i]]
  return text
}
BEGIN {
  while ((getline line < log_file) > 0) {
    if (line !~ /guarantee: G[0-9]+ \| /) continue
    sub(/.*guarantee: /, "", line)
    split(line, cell, / \| /)
    add_up(cell[1] SUBSEP cell[2], cell[3])
  }
}
/^\| G[0-9]+ \|/ {
  split($0, cell, "|")
  key = trimmed(cell[2]) SUBSEP trimmed(cell[4])
  if (key in order) {
    cell[column == "short" ? 5 : 6] = " " figures_of(key) " "
    print "|" cell[2] "|" cell[3] "|" cell[4] "|" cell[5] "|" cell[6] "| " date " |"
    used[key] = 1
    next
  }
}
{ print }
END {
  for (key in order) if (!(key in used)) {
    split(key, name, SUBSEP)
    printf "no row for %s, %s\n", name[1], name[2] > "/dev/stderr"
    missing = 1
  }
  exit missing
}' "$page" >"$new" || verdict=$?
cat "$new" >"$page"
exit "${verdict:-0}"
