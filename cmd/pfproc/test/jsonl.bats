# --format=jsonl.

load helper

setup() {
  common_setup
  printf 'teh\tthe\tspelling\nnew york\tNYC\nTEH\tTHE\n' >g.tsv
  printf 'say teh\nnew\n york\n' >a
  lines_of b teh
  lines_of none nothing
}

# each_object EXPRESSION: what Python makes of each line of the last output, an
# object o, in $output.
each_object() {
  cp "$out" "$kept/jsonl"
  runs python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    o = json.loads(line)
    print('"$1"')' "$kept/jsonl"
  assert_success
}

@test "jsonl: matches, errors where they stand, and a summary" {
  ways --format=jsonl -g g.tsv a missing none b
  assert_failure 66
  assert_message 'pfproc: missing: No such file or directory'
  assert_equal "${#lines[@]}" 5
  assert_line --index 1 '{"type":"match","path":{"text":"a"},"line":2,"column":1,"end_line":3,"end_column":6,"offset":8,"length":9,"text":{"text":"new\n york"},"term":{"text":"new york"},"entries":[{"term":{"text":"new york"},"value":{"text":"NYC"},"label":{"text":""},"glossary":{"text":"g.tsv"}}]}'
  assert_line --index 2 '{"type":"error","path":{"text":"missing"},"message":{"text":"No such file or directory"},"status":66}'
  assert_line --index 4 '{"type":"summary","files":4,"files_matched":2,"files_failed":1,"files_skipped_binary":0,"matches":3,"exit_status":66}'
  each_object 'o["type"]'
  assert_output $'match\nmatch\nerror\nmatch\nsummary'
}

@test "jsonl: all entries of a match, exact ones first" {
  ways --format=jsonl -i -g g.tsv b
  assert_line --index 0 --partial '"text":{"text":"teh"},"term":{"text":"teh"},"entries":['
  each_object '[e["term"]["text"] + e["value"]["text"] + e["label"]["text"] for e in o.get("entries", [])]'
  assert_output $'[\'tehthespelling\', \'TEHTHE\']\n[]'
}

@test "jsonl: what is not UTF-8 is base64" {
  printf 'teh' >$'n\xE9'
  ways --format=jsonl -g g.tsv $'n\xE9' $'m\xE9'
  assert_failure 66
  each_object 'o.get("path")'
  assert_output $'{\'bytes\': \'buk=\'}\n{\'bytes\': \'bek=\'}\nNone'
}

@test "jsonl: quotes, backslashes and control characters" {
  printf 'x\ta"b\\\\\\n\\t\x1B\x7F\n' >h.tsv
  lines_of $'c"\\\n\t' x
  ways --format=jsonl -g h.tsv $'c"\\\n\t'
  assert_line --index 0 --partial '"path":{"text":"c\"\\\n\t"}'
  assert_line --index 0 --partial '"value":{"text":"a\"b\\\n\t\u001b\u007f"}'
  each_object 'o["type"]'
}

@test "jsonl: counts, totals and names of files" {
  ways --format=jsonl -c -g g.tsv a none b
  assert_output '{"type":"count","path":{"text":"a"},"count":2}
{"type":"count","path":{"text":"b"},"count":1}
{"type":"summary","files":3,"files_matched":2,"files_failed":0,"files_skipped_binary":0,"matches":3,"exit_status":0}'
  ways --format=jsonl --count-terms -g g.tsv b missing
  assert_line --index 0 '{"type":"count","path":{"text":"b"},"term":{"text":"teh"},"count":1}'
  assert_line --index 1 --partial '"type":"error"'
  ways --format=jsonl --total -g g.tsv a b
  assert_line --index 0 '{"type":"total","term":{"text":"teh"},"count":2,"files":2}'
  assert_line --index 1 '{"type":"total","term":{"text":"new york"},"count":1,"files":1}'
  ways --format=jsonl -l -g g.tsv a none b
  assert_line --index 1 '{"type":"file","path":{"text":"b"}}'
  assert_equal "${#lines[@]}" 3
  ways --format=jsonl -L -g g.tsv a none b
  assert_line --index 0 '{"type":"file","path":{"text":"none"}}'
}

@test "jsonl: the summary tells the exit status, and of binaries" {
  printf 'a\0b' >binary
  ways --format=jsonl --check -g g.tsv b binary
  assert_failure 1
  assert_line '{"type":"summary","files":2,"files_matched":1,"files_failed":0,"files_skipped_binary":1,"matches":1,"exit_status":1}'
  ways --format=jsonl --fail-fast -g g.tsv b missing a
  assert_failure 66
  assert_line '{"type":"summary","files":2,"files_matched":1,"files_failed":1,"files_skipped_binary":0,"matches":1,"exit_status":66}'
}

@test "jsonl: a stream shows each line as it comes" {
  mkfifo pipe
  "$PFPROC" --format=jsonl -g g.tsv - <pipe >"$out" 2>"$err" &
  local pid=$!
  exec 7>pipe
  printf 'say teh\nand' >&7
  soon grep -q '"line":1,"column":5' "$out"
  exec 7>&-
  wait $pid
  load_outputs
  assert_equal "${#lines[@]}" 2
}

@test "jsonl: no summary where a signal ends the run" {
  mkfifo pipe
  "$PFPROC" --mode=pipeline --format=jsonl -g g.tsv a pipe >"$out" 2>"$err" &
  local pid=$!
  exec 7>pipe
  soon grep -q teh "$out"
  kill -TERM $pid
  wait $pid || status=$?
  exec 7>&-
  assert_equal "$status" 143
  each_object 'o["type"]'
  assert_output $'match\nmatch'
}

@test "jsonl: one large file is the same for all" {
  yes 'say teh to new
york' | head -n 400000 >large || true
  only_ways --format=jsonl -g g.tsv large
  assert_success
  run sed -n 400000p "$out"
  assert_output --partial '"line":399999,"column":12,"end_line":400000,"end_column":5,"offset":3999991'
}
