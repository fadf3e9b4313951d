#!/usr/bin/env bats
# --stats: JSON on standard error or in a file. What it says of the files is the
# same in every mode, with every schedule and number of threads; what it says of
# the work adds up.

load helper

# Some files of all kinds, with what must be counted in them, once for the whole
# file.
setup_file() {
  cd "$BATS_FILE_TMPDIR"
  printf 'alpha beta\n' >plain
  printf 'alpha caf\303\251 \344\270\255\346\226\207\n' >utf8
  printf 'alpha \377 beta\n' >bad
  printf 'alpha cut off \342\202' >cut-off
  printf '\xef\xbb\xbfalpha' >bom
  printf '\xff\xfea\0l\0p\0h\0a\0' >utf16
  printf '\xff\xfea\0l\0p\0h\0a\0 \0\x00\xd8b\0' >surrogate
  printf 'alpha\0beta' >binary
  : >empty
  awk 'BEGIN {
    srand (5)
    n = split ("alpha beta gamma the of new york caf\303\251 x_1 -- a.b", word, " ")
    for (i = 0; i < 1300000; i++)
      printf "%s%s", word[1 + int (rand () * n)], rand () < 0.1 ? "\n" : " "
  }' >large
  { head -c 3000000 large; printf '\360\237\230\200 \377'; cat large; } >large-bad
  # One word without an end, of characters of three bytes: pieces begin within.
  awk 'BEGIN { for (i = 0; i < 2000000; i++) printf "\344\270\255" }' >one-word
  mkdir tree
  for i in $(seq 60); do
    cp plain "tree/p$i"
    cp bad "tree/q$i"
  done
  printf '%s\n' plain utf8 bad cut-off bom utf16 surrogate binary empty missing \
    tree/p1 large '' tree/p1/x large-bad one-word >list
  printf '%s\n' alpha 'new york' >terms
}

setup() {
  common_setup
  cd "$BATS_FILE_TMPDIR"
}

# fact FILE EXPRESSION: what the expression says of the statistics s.
fact() {
  python3 -IS -c '
import json, sys
s = json.load(open(sys.argv[1]))
print(eval(f"({sys.argv[2]})"))' "$1" "$2"
}

# fact_is EXPRESSION VALUE: of the statistics in the file $kept/stats.
fact_is() {
  assert_equal "$1 = $(fact "$kept/stats" "$1")" "$1 = $2"
}

# What of the statistics FILE must not depend on threads.
invariant_part() {
  fact "$1" '"\n".join(f"{k} {s[k]}" for k in ["outcome", "exit_status", "files",
    "files_matched", "files_failed", "files_skipped_binary",
    "files_with_invalid_bytes", "bytes", "tokens", "matches", "errors"])'
}

# same_stats ARGUMENT...: in every way.
same_stats() {
  local schedule seen=
  rm -f "$kept/wanted"
  compare_stats() {
    only_runs "$PFPROC" --stats="$kept/stats" "$@" "${way[@]}" \
      <"${input-/dev/null}"
    invariant_part "$kept/stats" >"$kept/part"
    [ -e "$kept/wanted" ] || cp "$kept/part" "$kept/wanted"
    same_file "$kept/wanted" "$kept/part" "${way[*]}"
  }
  each_way compare_stats "$@"
  for jobs in 2 8; do
    way=(--mode=fork-join "-j$jobs" --schedule=static)
    compare_stats "$@"
  done
}

@test "what is counted" {
  pf -g terms -c --stats="$kept/stats" plain utf8 bad cut-off bom utf16 \
    surrogate binary empty missing
  assert_failure 66
  fact_is 's["version"]' 1
  fact_is 's["outcome"]' complete
  fact_is 's["exit_status"]' 66
  fact_is 's["files"]' 10
  fact_is 's["files_matched"]' 7
  fact_is 's["files_failed"]' 1
  fact_is 's["files_skipped_binary"]' 1
  # bad, cut-off, and the surrogate without its other half
  fact_is 's["files_with_invalid_bytes"]' 3
  fact_is 's["errors"]["66"], s["errors"]["77"]' '(1, 0)'
  fact_is 's["matches"]' 7
  # plain 11 and 2; utf8 19 and 3; bad 13 and 2; cut-off 16 and 3; bom 5 and 1;
  # utf16 5 and 1; surrogate, decoded, 10 and 2
  fact_is 's["bytes"]' 79
  fact_is 's["tokens"]' 14
}

@test "every failed file is among the errors" {
  printf 'teh\tthe\n' >g.tsv
  echo teh >one
  ln one two
  pf --replace --in-place -g g.tsv --stats="$kept/stats" one
  assert_failure 73
  fact_is 's["files_failed"], s["errors"]["73"]' '(1, 1)'
  echo '#!/nonexistent' >program
  chmod +x program
  pf --pre=./program -e teh --stats="$kept/stats" one missing
  assert_failure 71
  fact_is 's["files_failed"], s["errors"]["71"], s["errors"]["66"]' '(2, 1, 1)'
}

@test "with -a, no bytes are invalid, and nothing is decoded" {
  pf -a -g terms -c --stats="$kept/stats" bad cut-off binary
  fact_is 's["files_with_invalid_bytes"]' 0
  fact_is 's["bytes"]' "$(cat bad cut-off binary | wc -c)"
  fact_is 's["files_skipped_binary"], s["matches"]' '(0, 3)'
}

@test "a text that is read in pieces is counted as in one" {
  pf -g terms -c -j8 --stats="$kept/stats" large
  fact_is 's["bytes"]' "$(wc -c <large)"
  fact_is 's["tokens"]' "$(LC_ALL=C tr -c 'A-Za-z0-9_\200-\377' '\n' <large |
    grep -c .)"
  fact_is 's["files_with_invalid_bytes"]' 0
  fact_is 'sum(w["pieces"] for w in s["workers"]) > 1' True
  fact_is 'sum(w["bytes"] for w in s["workers"]) == s["bytes"]' True
  pf -g terms -c -j8 --stats="$kept/stats" large-bad one-word
  fact_is 's["files_with_invalid_bytes"]' 1
  pf -g terms -c -j8 --stats="$kept/stats" one-word
  fact_is 's["tokens"]' 1
}

@test "the same in every way: every action" {
  for action in --find -c --count-terms --total; do
    same_stats -g terms $action -T list
    fact_is 's["files"]' 16
  done
  same_stats -g terms --boundary=none -i -c -T list
  same_stats -g terms -a -c -T list
}

@test "the same in every way: a file is left where it is answered" {
  for action in -l -L -q; do
    same_stats -g terms $action -T list
    same_stats -e delta $action large plain
    same_stats -e 'york york new york' $action large-bad one-word
  done
}

@test "the same in every way: names that stream in, directories" {
  input=list
  same_stats -g terms -c
  unset input
  same_stats -r -g terms -c tree
  fact_is 's["files"], s["matches"], s["files_with_invalid_bytes"]' \
    '(120, 120, 60)'
}

@test "what threads did adds up" {
  adds_up() {
    pf -r -g terms -c --stats="$kept/stats" "${way[@]}" tree large
    assert_success
    fact_is 'sum(w["files"] for w in s["workers"])' 121
    fact_is 'sum(w["bytes"] for w in s["workers"]) == s["bytes"]' True
    fact_is 'len(s["workers"]) == s["jobs"] == int("'"${way[1]#-j}"'")' True
    fact_is 's["mode"]' "${way[0]#--mode=}"
    fact_is 's["read_bytes"] >= s["bytes"]' True
    fact_is 's["read_calls"] >= s["files"]' True
    fact_is 'sum(w["items_stolen"] for w in s["workers"]) == s["steals"]' True
    fact_is 's["peak_memory_bytes"] > 1 << 20' True
  }
  each_way adds_up
}

@test "what stages took adds up" {
  takes_time() {
    pf -r -g terms --stats="$kept/stats" "${way[@]}" tree large
    # Each stage that is part of the run took some time, and all processors
    # together spent no more on them than on the process.
    fact_is '[n for n, t in s["stages"].items() if n != "wait"
      and t["wall_ns"] == 0]' '[]'
    fact_is 'sum(s["stages"][n]["cpu_ns"] for n in
      ["glossary", "prepare", "list", "read", "match", "write"])
      <= s["stages"]["total"]["cpu_ns"]' True
    fact_is 'all(w["busy_wall_ns"] <= s["stages"]["total"]["wall_ns"]
      for w in s["workers"] + s["readers"])' True
    fact_is 'sum(w["busy_cpu_ns"] for w in s["workers"] + s["readers"])
      <= s["stages"]["total"]["cpu_ns"]' True
  }
  each_way takes_time
}

@test "pipeline: channels and readers" {
  pf -r -g terms -c --mode=pipeline -j2 --readers=3 --stats="$kept/stats" tree
  fact_is 'len(s["readers"])' 3
  fact_is 's["channels"]["ready"]["values"] > 0' True
  fact_is 's["channels"]["finished"]["values"] > 0' True
  fact_is 'all(c["high_water"] <= c["values"]
    for c in s["channels"].values())' True
  pf -r -g terms -c --mode=fork-join -j2 --stats="$kept/stats" tree
  fact_is 's["readers"], s["channels"]["ready"]["values"]' '([], 0)'
}

@test "without FILE: on standard error, behind all messages" {
  pf -g terms -c --stats missing plain binary
  assert_failure 66
  assert_output 'plain:1'
  sed -n '/^{/,$p' "$err" >"$kept/stats"
  fact_is 's["files"]' 3
  sed '/^{/,$d' "$err" >"$kept/messages"
  holds "$kept/messages" 'pfproc: missing: No such file or directory
pfproc: 1 binary file skipped; first: binary
pfproc: 1 of 3 files failed; first: missing: No such file or directory'
}

@test "the value comes after = only" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  pf -e alpha --stats a
  assert_success
  assert_output 'a:1:1: alpha'
  holds a alpha
  pf --help
  assert_line --partial '--stats[=FILE]'
}

@test "a run that fails tells what it knows" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  runs "$PFPROC" -e alpha --stats="$kept/stats" a >/dev/null
  runs sh -c '"$@" >/dev/full' sh "$PFPROC" -e alpha --stats="$kept/stats" a
  assert_failure 74
  fact_is 's["outcome"], s["exit_status"], s["files"]' "('failed', 74, 1)"
  pf -g none --stats="$kept/stats" a
  assert_failure 66
  fact_is 's["outcome"], s["exit_status"], s["files"]' "('failed', 66, 0)"
  pf -e alpha --output=none/x --stats="$kept/stats" a
  assert_failure 73
  fact_is 's["outcome"], s["exit_status"]' "('failed', 73)"
}

@test "a usage error leaves no statistics" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  pf -e alpha --stats="$kept/stats" --check --expect a
  assert_usage_error 'makes no sense'
  assert_not_exist "$kept/stats"
  pf -e alpha --output=a --stats="$kept/stats" a
  assert_usage_error 'also an input'
  assert_not_exist "$kept/stats"
  pf -e alpha --output=a --stats a
  assert_usage_error 'also an input'
}

@test "FILE must be nothing else" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  printf 'alpha\n' >terms
  mkdir d
  cp a d/a
  ln a other-name
  pf -e alpha --stats=a a
  assert_usage_error 'a: file for statistics is also an input'
  pf -e alpha --stats=other-name a
  assert_usage_error 'also an input'
  pf -r -e alpha --stats=d/a d
  assert_usage_error 'also an input'
  pf -g terms --stats=terms a
  assert_usage_error 'also a glossary'
  pf -e alpha --stats=./out --output=d/../out a
  assert_usage_error 'also the output'
  : >out
  pf -e alpha --stats=out --output=d/../out a
  assert_usage_error 'also the output'
  runs sh -c '"$@" >out' sh "$PFPROC" -e alpha --stats=out a
  assert_usage_error 'also the output'
  ln -s not-there-yet link
  pf -e alpha --stats=link --output=not-there-yet a
  assert_usage_error 'also the output'
  holds a alpha
  holds terms alpha
  assert_no_temporary
}

@test "FILE must not take the place of the messages" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  for name in /dev/stderr messages; do
    status=0
    "$PFPROC" -e alpha -c --stats=$name a missing >"$out" 2>messages ||
      status=$?
    assert_failure 64
    holds messages "pfproc: $name: file for statistics is also standard error"
  done
  # A pipe has room for both.
  status=0
  "$PFPROC" -e alpha -c --stats=/dev/stderr a missing 2>&1 >"$out" |
    cat >messages
  assert_equal "$(head -n 1 messages)" \
    'pfproc: missing: No such file or directory'
  tail -n +3 messages >"$kept/stats"
  fact_is 's["files"]' 2
}

@test "statistics that nobody gets are an error" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  lost() {
    status=0
    "$PFPROC" -e alpha -c --stats "$@" >"$out" || status=$?
    holds "$out" a:1
    assert_failure "$code"
  }
  code=74
  lost a 2>/dev/full
  lost a 2>&-
  # As where they go to a file.
  lost a missing 2>/dev/full
  code=66
  status=0
  "$PFPROC" -g none --stats a 2>/dev/full || status=$?
  assert_failure 66
}

@test "FILE must not be a name that streams in" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  refuses() {
    runs "$PFPROC" -e alpha --stats=a "${way[@]}" < <(echo a)
    assert_failure 64
    assert_message 'pfproc: a: file for statistics is also an input'
    holds a alpha
    assert_no_temporary
  }
  each_way refuses
}

@test "FILE that cannot be written" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  pf -e alpha --stats=none/stats a
  assert_failure 73
  assert_output ''
  assert_messages 'pfproc: none/stats: No such file or directory'
  pf -e alpha --stats=/dev/full a
  assert_failure 74
  assert_output 'a:1:1: alpha'
  assert_messages 'pfproc: /dev/full: No space left on device'
  # An error of a file is no excuse.
  pf -e alpha --stats=/dev/full a missing
  assert_failure 74
  pf -e alpha --stats=none/stats -g none a
  assert_failure 66
  assert_equal "${#stderr}" "$(($(wc -c <"$err") - 1))"
  assert_no_temporary
}

@test "FILE appears as a whole, with the permissions of an older one" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  printf 'older\n' >stats
  chmod 600 stats
  ln stats link
  pf -e alpha --stats=stats a
  assert_success
  assert_equal "$(fact stats 's["files"]')" 1
  assert_equal "$(stat -c %a stats)" 600
  holds link older
  assert_no_temporary
}

@test "after a signal: of what was done until then" {
  cd "$BATS_TEST_TMPDIR/work"
  printf 'alpha\n' >a
  interrupted() {
    rm -f names stats
    mkfifo names
    "$PFPROC" -e alpha -c --stats=stats "${way[@]}" -T names >"$out" 2>"$err" &
    local pid=$!
    exec 7>names
    echo a >&7
    # In fork-join mode, names are known first.
    [ "${way[0]}" = --mode=fork-join ] || soon holds "$out" 'a:1'
    kill -TERM $pid
    status=0
    wait $pid || status=$?
    exec 7>&-
    assert_equal $status $((128 + 15))
    assert_equal "$(fact stats 's["outcome"], s["exit_status"]')" \
      "('cancelled', None)"
    [ "${way[0]}" = --mode=fork-join ] ||
      assert_equal "$(fact stats 's["files"], s["matches"]')" '(1, 1)'
    assert_no_temporary
  }
  each_way interrupted
}
