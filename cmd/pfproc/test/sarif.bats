# --format=sarif.

load helper

setup() {
  common_setup
  printf 'teh\tthe\nnew york\tNYC\n{a}\t\n' >g.tsv
  printf 'say teh\nnew\n york\n' >a
  printf 'nothing\n' >none
}

# shows [ROOT]: what is in the log of the last run, once it was checked.
shows() {
  cp "$out" "$kept/log"
  runs python3 "$PF_SRCDIR/cmd/pfproc/test/sarif.py" "$kept/log" "$@"
  assert_success
}

@test "sarif: results, in order, and how the run ended" {
  ways --format=sarif -g g.tsv -e say a none ./a
  assert_success
  assert_messages
  shows .
  assert_output 'a:1:1-1:4@0+3 -e: say
a:1:5-1:8@4+3 g.tsv: teh -> the
a:2:1-3:6@8+9 g.tsv: new york -> NYC
a:1:1-1:4@0+3 -e: say
a:1:5-1:8@4+3 g.tsv: teh -> the
a:2:1-3:6@8+9 g.tsv: new york -> NYC
successful, exit code 0'
}

@test "sarif: a log without results is one, too" {
  ways --format=sarif -g g.tsv none
  assert_success
  shows
  assert_output 'successful, exit code 0'
}

@test "sarif: columns are UTF-16 units, whatever stands before" {
  # Two bytes and one unit, four and two, none that is UTF-8, and a tab.
  printf '\xC3\xA9\xF0\x9D\x84\x9E\xFF\xE2\x82\tteh\xF0\x9D\x84\x9E teh\n' >u
  printf '\xEF\xBB\xBF\xC3\xA9 teh\n' >mark
  ways --format=sarif -g g.tsv u mark
  shows .
  assert_output 'u:1:8-1:11@10+3 g.tsv: teh -> the
u:1:14-1:17@18+3 g.tsv: teh -> the
mark:1:3-1:6@6+3 g.tsv: teh -> the
successful, exit code 0'
}

@test "sarif: a line longer than any buffer" {
  { for i in 1 2 3; do head -c 1500000 /dev/zero | tr '\0' x |
    sed 's/xxxxxx/ \xC3\xA9\xF0\x9D\x84\x9E/g'; printf ' teh '; done; } >long
  ways --format=sarif -g g.tsv long
  shows .
  assert_output 'long:1:1000002-1:1000005@1750001+3 g.tsv: teh -> the
long:1:2000007-1:2000010@3500006+3 g.tsv: teh -> the
long:1:3000012-1:3000015@5250011+3 g.tsv: teh -> the
successful, exit code 0'
}

@test "sarif: overlapping matches, and one through a pipe" {
  input=a ways --format=sarif --overlapping -e 'new york' -e york -
  shows
  assert_output '(standard input):2:1-3:6@8+9 -e: new york
(standard input):3:2-3:6@13+4 -e: york
successful, exit code 0'
}

@test "sarif: names of files and braces in messages" {
  printf '{a}' >$'x y%\n\xE9:"'
  ways --format=sarif -g g.tsv "$PWD/"$'x y%\n\xE9:"'
  shows .
  assert_output "$PWD/"$'x y%\n\xE9:"'':1:1-1:4@0+3 g.tsv: {{a}}
successful, exit code 0'
}

@test "sarif: failures are notifications, and the exit code is told" {
  ways --format=sarif -g g.tsv 'no such' a missing
  assert_failure 66
  assert_message 'pfproc: missing: No such file or directory'
  shows .
  assert_line --index 0 'a:1:5-1:8@4+3 g.tsv: teh -> the'
  assert_line --index 2 'no such: error: No such file or directory'
  assert_line --index 3 'missing: error: No such file or directory'
  assert_line --index 4 'not successful, exit code 66'
  ways --format=sarif --check -g g.tsv a
  assert_failure 1
  shows
  assert_line 'successful, exit code 1'
  ways --format=sarif --expect -g g.tsv none
  assert_failure 1
  shows
  assert_line 'successful, exit code 1'
}

@test "sarif: --fail-fast" {
  ways --format=sarif --fail-fast -g g.tsv a missing a
  assert_failure 66
  shows .
  assert_equal "${#lines[@]}" 4
  assert_line --index 2 'missing: error: No such file or directory'
}

@test "sarif: at most 25,000 results, and it says so" {
  yes teh | head -n 12500 >many || true
  only_ways --format=sarif -g g.tsv many many
  assert_success
  assert_equal "$(cat "$err")" ''
  shows .
  assert_equal "${#lines[@]}" 25001
  only_ways --format=sarif -g g.tsv many many a missing
  assert_failure 66
  stderr=$(cat "$err")
  assert_message 'pfproc: 2 matches left out: a SARIF log has at most 25,000 results'
  shows .
  assert_equal "${#lines[@]}" 25003
  assert_line --index 25000 'missing: error: No such file or directory'
  assert_line --index 25001 'warning: 25000 of 25002 results are in this log'
}

@test "sarif: --output gets a whole log or none" {
  lines_of log old
  pf --format=sarif --output=log -g g.tsv a
  assert_success
  cp log "$out"
  shows .
  lines_of log old
  mkfifo pipe
  "$PFPROC" --format=sarif --output=log -g g.tsv a pipe 2>"$err" &
  local pid=$!
  exec 7>pipe
  echo teh >&7
  kill -TERM $pid
  wait $pid || status=$?
  exec 7>&-
  assert_equal "$status" 143
  assert_equal "$(cat log)" old
  assert_no_temporary
}

@test "sarif: on standard output, a log is whole also where a signal ends it" {
  mkfifo pipe
  "$PFPROC" --mode=pipeline --format=sarif -g g.tsv a pipe >"$out" 2>"$err" &
  local pid=$!
  exec 7>pipe
  soon grep -q teh "$out"
  kill -TERM $pid
  wait $pid || status=$?
  exec 7>&-
  assert_equal "$status" 143
  shows .
  assert_line --index 0 'a:1:5-1:8@4+3 g.tsv: teh -> the'
  assert_line 'not successful, exit code None'
}

@test "sarif: for --find only" {
  for action in -c --count-terms --total -l -L; do
    pf --format=sarif $action -e x a
    assert_usage_error '--format=sarif is for --find'
  done
  pf --format=sarif -q -e x a
  assert_usage_error 'nothing is written'
  pf --format=sarif --find -e teh a
  assert_success
}
