#!/usr/bin/env bats
# The benchmark at a tiny scale, with stand-ins for some peers: what it writes,
# what it says of programs that fail, hang or miscount, and what it leaves.

bats_require_minimum_version 1.5.0

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  bats_load_library bats-file
  cd "$BATS_TEST_TMPDIR"
  mkdir -p bin tree/a/b tree/c fast
  printf 'alpha beta\nbeta gamma delta alphabet\n' >tree/a/b/one
  printf 'gamma\0alpha' >tree/c/two
  : >tree/c/empty
  printf 'epsilon, Beta\n' >'tree/three and four'
  printf '%s\n' alpha beta gamma delta epsilon zeta eta theta lambda omega \
    >words
  PATH=$PWD/bin:$PATH
  # What makes reads slow is preloaded before the sanitizer's own library.
  export ASAN_OPTIONS=${ASAN_OPTIONS-}:verify_asan_link_order=0
  bench=("$PF_SRCDIR/scripts/bench" --quick --build "$PF_BUILDDIR" --tree tree
    --words words --work work --fast-disk fast --output results)
}

teardown() {
  # A stand-in that outlived a failed test.
  [ ! -e hung ] || kill "$(cat hung)" 2>/dev/null || true
}

# stand_in NAME LINE...: a program of that name, which knows --version, too.
stand_in() {
  local name=$1
  shift
  printf '%s\n' '#!/bin/sh' '[ "$1" != --version ] || exit 0' "$@" \
    >"bin/$name"
  chmod +x "bin/$name"
}

# bench ARGUMENT...: writes to the folder results.
bench() {
  "${bench[@]}" "$@"
}

# json EXPRESSION: of d, the record, and runs, those of its first case.
json() {
  python3 -c '
import json, sys
d = json.load(open("results/bench.json"))
runs = d["cases"][0]["runs"]
print(eval(sys.argv[1]))' "$1"
}

# The stand-in that wrote its number into the file hung is over. Nobody may have
# waited for it yet.
assert_ended() {
  local i
  for ((i = 0; i < 200; i++)); do
    case $(ps -o stat= -p "$(cat hung)") in
      '' | Z*) return 0 ;;
    esac
    sleep 0.05
  done
  fail 'a child is still there'
}

assert_nothing_left() {
  run find fast work -name 'pfproc-bench-*' -o -name 'images-*'
  assert_output ''
}

@test "JSON, Markdown and plots appear, and are valid" {
  bench --peers 'GNU grep' --rounds 2 --cases 'total-10,total-1000,bytes-*,jobs'
  [ "$(json 'sorted(runs)')" = "['GNU grep', 'floor', 'pfproc', 'pfproc, image', 'pfproc, image, avx2', 'pfproc, image, scalar']" ]
  [ "$(json '{len(run["rounds"]) for run in runs.values()}')" = '{2}' ]
  [ "$(json 'd["settings"]["files"], d["settings"]["bytes"]')" = '(4, 62)' ]
  [ "$(json 'd["machine"]["cores"] > 0')" = True ]
  # All columns of a table are there in all its lines.
  awk -F'|' '/^\|/ { if (n && NF != n) exit 1; n = NF; lines++; next } { n = 0 }
    END { exit lines < 10 }' results/bench.md
  python3 -c '
import sys, xml.dom.minidom as xml
for name in sys.argv[1:]:
    assert xml.parse(name).documentElement.tagName == "svg"
    assert "floor" in open(name).read()' results/terms.svg results/bytes.svg
  assert_nothing_left
}

@test "all programs count the same matches, and times are ratios of medians" {
  bench --peers 'GNU grep' --cases total-10
  for program in pfproc 'pfproc, image' 'GNU grep'; do
    [ "$(json "runs['$program']['matches']")" = 8 ]
  done
  [ "$(json 'd["cases"][0]["check_matches"]')" = 8 ]
  # The floor of ours comes first, then AVX2's, then the peer.
  [ "$(json '[t["against"] for t in d["targets"]]')" = "['floor', 'floor', 'GNU grep']" ]
  [ "$(json 'round(d["targets"][0]["ratio"] - runs["pfproc, image"]["median_seconds"] / runs["floor"]["median_seconds"], 6)')" = 0.0 ]
  [ "$(json 'round(d["targets"][2]["ratio"] - runs["GNU grep"]["median_seconds"] / runs["pfproc"]["median_seconds"], 6)')" = 0.0 ]
}

@test "results name no folders of this machine" {
  bench --peers 'GNU grep' --cases 'total-10,one-file,ignore-10'
  run grep -rF "$BATS_TEST_TMPDIR" results
  assert_output ''
  run grep -rF "$PF_BUILDDIR" results
  assert_output ''
}

@test "--add keeps what a run like this one wrote of other cases" {
  bench --peers 'GNU grep' --cases total-1000
  cp results/bench.json first
  bench --peers 'GNU grep' --cases total-10 --add
  [ "$(json '[c["id"] for c in d["cases"]]')" = "['total-10', 'total-1000']" ]
  [ "$(json 'd["cases"][1] == json.load(open("first"))["cases"][0]')" = True ]
  [ "$(json 'd["targets"][3:] == json.load(open("first"))["targets"]')" = True ]
  cp results/bench.json second
  run bench --peers 'GNU grep' --cases total-10 --add --rounds 2
  assert_failure 1
  assert_output --partial 'not of this machine and these settings'
  cmp results/bench.json second
  bench --peers 'GNU grep' --cases total-1000
  [ "$(json 'len(d["cases"])')" = 1 ]
}

@test "what programs measure themselves is held against its targets" {
  mkdir -p mine/lib/bench
  ln -s "$PF_BUILDDIR/bench" "$PF_BUILDDIR/cmd" mine
  printf '%s\n' '#!/bin/sh' 'printf "%s\t%s\tM messages/s\n" \
    channel-1-1-batch 30 g-async-queue-1-1-batch 12 \
    channel-2-2-single 9 g-async-queue-2-2-single 8' \
    >mine/lib/bench/channel_bench
  printf '%s\n' '#!/bin/sh' 'printf "join_all.50-30-10\t60.5\tms\nother\t7\tns\n"' \
    >mine/lib/bench/par_bench
  chmod +x mine/lib/bench/*
  bench --cases concurrency-constructs --build mine
  [ "$(json 'runs["par_bench"]["values"]["join_all.50-30-10"]')" = "{'unit': 'ms', 'rounds': [60.5]}" ]
  run json '"\n".join(str((t["measured"], t["against"], t["ratio"], t["met"])) for t in d["targets"])'
  assert_output "('channel-1-1-batch: 30 M messages/s', '', None, True)
('channel-1-1-batch: 30 M messages/s', 'g-async-queue-1-1-batch', 2.5, False)
('channel-2-2-single: 9 M messages/s', '', None, None)
('channel-2-2-single: 9 M messages/s', 'g-async-queue-2-2-single', 1.125, True)
('join_all.50-30-10: 60.5 ms', '', None, False)
('other: 7 ns', '', None, None)"
  # They are still there when other cases are measured again.
  cp results/bench.json first
  bench --cases concurrency-example --build mine --add
  [ "$(json 'd["cases"][0] == json.load(open("first"))["cases"][0]')" = True ]
}

@test "both modes are held against each other, also where reading is slow" {
  bench --cases 'concurrency-modes,concurrency-slow'
  [ "$(json '[(t["measured"], t["against"]) for t in d["targets"]]')" = "[('pipeline', 'fork-join'), ('pipeline', 'fork-join')]" ]
  [ "$(json '[run["matches"] for c in d["cases"] for run in c["runs"].values()]')" = '[8, 8, 8, 8]' ]
  grep -qF '4 files, -j2, 32 readers' results/bench.md
}

@test "a slow read takes two milliseconds more, and reads the same" {
  local i
  for ((i = 0; i < 20; i++)); do
    printf '%d\n' $i >tree/number$i
    printf 'tree/number%d\0' $i >>list
  done
  env LD_PRELOAD="$PF_BUILDDIR/lib/bench/slow_read.so" \
    "$PF_BUILDDIR/bench/timed" report "$PF_BUILDDIR/bench/floor" -j1 list >sum
  [ "$(cat sum)" = 50 ]
  awk '{ exit !($1 >= 20 * 0.002) }' report
}

@test "a channel's measurements are numbers, and all there" {
  # Peers that are no part of it have locks that ThreadSanitizer does not know.
  run env TSAN_OPTIONS="${TSAN_OPTIONS-}:ignore_noninstrumented_modules=1" \
    "$PF_BUILDDIR/lib/bench/channel_bench"
  assert_success
  [ "${#lines[@]}" = 12 ]
  for line in "${lines[@]}"; do
    [[ $line =~ ^(channel|g-async-queue)-(1-1|2-2|8-8)-(single|batch)$'\t'[0-9.]+$'\tM messages/s'$ ]]
  done
}

@test "a peer that fails is reported with what it said" {
  stand_in rg 'echo "no luck today" >&2' 'exit 3'
  bench --peers ripgrep --cases total-10
  [ "$(json 'len(runs["ripgrep"]["rounds"])')" = 1 ]
  [ "$(json 'runs["ripgrep"]["rounds"][0]["exit_code"]')" = 3 ]
  grep -qF 'ripgrep failed with 3: `no luck today`' results/bench.md
}

@test "a grep that fails under xargs is no grep without a match" {
  stand_in grep 'echo "grep: memory exhausted" >&2' 'exit 2'
  bench --peers 'GNU grep' --cases total-10
  rm bin/grep
  grep -qF 'GNU grep failed with 123: `grep: memory exhausted`' results/bench.md
}

@test "a peer that counts otherwise is reported" {
  stand_in rg 'echo "a/b/one:2"'
  bench --peers ripgrep --cases total-10
  grep -qF 'ripgrep counts 2 where 8 are expected' results/bench.md
}

@test "a peer over the limit is ended, and not run again" {
  stand_in ugrep "echo \$\$ >$PWD/hung" 'exec sleep 1000'
  bench --peers ugrep --limit 1 --rounds 3 --cases total-10
  [ "$(json '[r["status"] for r in runs["ugrep"]["rounds"]]')" = "['timeout']" ]
  grep -qF '| ugrep | > 1 s | 1 |' results/bench.md
  assert_ended
  assert_nothing_left
}

@test "a run of pfproc that fails makes the benchmark fail" {
  mkdir -p broken/cmd/pfproc broken/cmd/pfglossary
  ln -s "$PF_BUILDDIR/bench" broken/bench
  ln -s "$PFGLOSSARY" broken/cmd/pfglossary/pfglossary
  printf '#!/bin/sh\necho pfproc: broken >&2\nexit 74\n' >broken/cmd/pfproc/pfproc
  chmod +x broken/cmd/pfproc/pfproc
  run bench --peers 'GNU grep' --cases total-10 --build broken
  assert_failure 1
  assert_output --partial 'bench: failed: total-10: pfproc'
  grep -qF 'pfproc failed with 74: `pfproc: broken`' results/bench.md
}

@test "a signal ends it, its children, and its files" {
  local signal pid status
  for signal in INT TERM; do
    rm -f hung
    stand_in ugrep "echo \$\$ >$PWD/hung" 'exec sleep 1000'
    "${bench[@]}" --peers ugrep --cases total-10 3>&- &
    pid=$!
    for ((i = 0; i < 1000; i++)); do
      [ ! -s hung ] || break
      sleep 0.05
    done
    kill -$signal "$pid"
    status=0
    wait "$pid" || status=$?
    assert_equal "$status" 130
    assert_ended
    assert_nothing_left
  done
}

@test "what it does not know is a usage error" {
  run bench --cases nonsense
  assert_failure 64
  assert_output 'bench: no such case: nonsense'
  run bench --peers nonsense
  assert_failure 64
  run bench --nonsense
  assert_failure 64
}

@test "the floor reads every byte of every file" {
  cd tree
  run bash -c "find . -type f -print0 | '$PF_BUILDDIR/bench/floor' -j3 -b7"
  assert_success
  assert_output 62
  printf 'a/b/one\0missing\0' >../list
  run "$PF_BUILDDIR/bench/floor" ../list
  assert_failure 1
  assert_output --partial 'missing: No such file or directory'
  assert_output --partial 37
}

@test "Vectorscan counts like pfproc" {
  [ -x "$PF_BUILDDIR/bench/vectorscan" ] || return 0
  printf '%s\n' alpha alphabet beta bet eta >terms
  cd tree
  find . -type f -print0 >../list
  "$PF_BUILDDIR/bench/vectorscan" ../terms ../list | sort >../seen
  "$PFPROC" -a --boundary=none --overlapping --total -0T ../list -g ../terms |
    cut -f1,2 | sort >../wanted
  diff ../wanted ../seen
  for database in made kept; do
    "$PF_BUILDDIR/bench/vectorscan" -iw -d ../database ../terms ../list |
      sort >../seen
    "$PFPROC" -a -i --total -0T ../list -g ../terms | cut -f1,2 | sort >../wanted
    diff ../wanted ../seen
  done
}

@test "what measures passes on how a command ended" {
  local timed=$PF_BUILDDIR/bench/timed
  "$timed" report sh -c 'exit 3'
  [ "$(cut -d' ' -f6 report)" = 3 ]
  "$timed" -s report sh -c 'kill -9 $$'
  [ "$(cut -d' ' -f6 report)" = 137 ]
  "$timed" report ./missing
  [ "$(cut -d' ' -f6 report)" = 127 ]
  # It holds 64 MB for a while, or may not.
  "$timed" -s report perl -e '$held = "x" x (64 << 20); select undef, undef, undef, 0.2'
  [ "$(cut -d' ' -f5 report)" -gt 65536 ]
  "$timed" -m 33554432 report perl -e '$held = "x" x (64 << 20)'
  [ "$(cut -d' ' -f6 report)" != 0 ]
}
