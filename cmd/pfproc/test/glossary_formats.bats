# Glossaries in csv and jsonl, and packed ones.

load helper

setup() {
  common_setup
  lines_of text 'alpha beta gamma' 'delta alpha'
}

# packed PROGRAM FILE OUT
packed() {
  "$1" -c "$2" >"$3" 2>/dev/null
}

packers=(gzip:gz bzip2:bz2 xz:xz zstd:zst lz4:lz4)

@test "csv: by its header, with quotes, line breaks and CRLF" {
  needs csv
  printf 'id,Term,Label,Value\r\n1,alpha,l,"x, ""y"""\r\n2,"beta",,"one\r\ntwo"\r\n' \
    >g.csv
  ways -g g.csv text
  assert_success
  assert_output 'text:1:1: alpha -> x, "y"
text:1:7: beta -> one\r\ntwo
text:2:7: alpha -> x, "y"'
  ways -g g.csv --format=tsv text
  assert_line --index 0 $'text\t1\t1\t0\t5\talpha\talpha\tx, "y"\tl\tg.csv'
}

@test "csv: without a header, as tsv; case and boundary" {
  needs csv
  printf '\xef\xbb\xbfALPHA,v,l,case=ignore\nbet,w,,boundary=none\n' >g.csv
  ways -g g.csv text
  assert_output 'text:1:1: alpha -> v
text:1:7: bet -> w
text:2:7: alpha -> v'
  printf 'term,case,boundary\nALPHA,ignore,\nbet,,none\n' >g.csv
  ways -g g.csv --total text
  assert_output $'ALPHA\t2\t1\nbet\t1\t1'
}

@test "csv: columns by key" {
  needs csv
  printf 'de;en;note\nein;alpha;x\nzwei;gamma;y\n' >g.csv
  ways -g g.csv,delim=semicolon,term=EN,value=de,label=3 --format=tsv text
  assert_success
  assert_equal "$(cut -f7-9 "$out" | tr '\t\n' ' ,')" \
    'alpha ein x,gamma zwei y,alpha ein x,'
  ways -g g.csv:csv,delim=';',term=2,case=ignore text
  assert_output 'text:1:1: alpha
text:1:12: gamma
text:2:7: alpha'
  cp g.csv g.txt
  pf -g g.txt:csv,delim=';',term=2 -c text
  assert_output 'text:3'
}

@test "csv: keys that make no sense: 64" {
  needs csv
  printf 'alpha\n' >g.csv
  pf -g g.csv,term=0 text
  assert_usage_error 'g.csv,term=0: term must be the name or number of a column: term=0'
  pf -g g.csv,delim=ab text
  assert_usage_error 'delim must be one byte, or comma, semicolon, tab, pipe, colon or space: delim=ab'
  cp g.csv g.tsv
  pf -g g.tsv,term=2 text
  assert_usage_error 'g.tsv,term=2: this glossary format has no such key: term=2'
  pf -g @misspellings,delim=tab text
  assert_usage_error 'no such key: delim=tab'
}

@test "csv: a column that is not there: 65" {
  needs csv
  printf 'alpha,x\ngamma\n' >g.csv
  local key
  for key in term value label; do
    ways -g g.csv,$key=7 text
    assert_failure 65
    assert_output ''
    assert_messages "pfproc: g.csv:1: no column 7, which is to hold the $key"
  done
}

@test "csv: malformed rows are named by the line where they begin: 65" {
  needs csv
  printf 'term,value\nalpha,"one\ntwo"\nbe"ta,x\n' >g.csv
  ways -g g.csv text
  assert_failure 65
  assert_output ''
  assert_messages 'pfproc: g.csv:4: misplaced quote'
  printf 'term,value\nalpha,"one\ntwo\n' >g.csv
  ways -g g.csv text
  assert_failure 65
  assert_messages \
    'pfproc: g.csv:2: quote without an end, in line 3 of the same row'
  printf 'alpha,v\n' >g.csv
  ways -g g.csv,term=word text
  assert_failure 65
  assert_messages 'pfproc: g.csv:1: no column is called word'
  : >g.csv
  ways -g g.csv text
  assert_failure 65
  assert_messages 'pfproc: g.csv: glossary has no entries'
}

@test "csv: --lenient skips and counts" {
  needs csv
  printf 'term,value,case\n"al"pha,x\nbeta,y\n,z\ngamma,,odd\ndelta\n' >g.csv
  ways --lenient -g g.csv text
  assert_success
  assert_output 'text:1:7: beta -> y
text:2:1: delta'
  assert_messages \
    'pfproc: g.csv: 3 malformed lines skipped; first: 2: misplaced quote'
}

@test "jsonl: entries, several values, rules" {
  needs jsonl
  printf '%s\n' '{"term": "alpha", "value": ["x", "y"], "label": "l"}' '' \
    '{"boundary": "none", "case": "ignore", "term": "BET"}' \
    '{"term": "g\u0061mma", "value": "\ud83d\ude00\t"}' >g.jsonl
  ways -g g.jsonl text
  assert_success
  assert_output 'text:1:1: alpha -> x, y
text:1:7: bet
text:1:12: gamma -> 😀\t
text:2:7: alpha -> x, y'
  ways -g g.jsonl,label=mine --format=tsv text
  assert_equal "$(cut -f7,9 "$out" | tr '\t\n' ' ,')" \
    'alpha l,alpha l,BET mine,gamma mine,alpha l,alpha l,'
}

@test "jsonl: malformed lines: 65; --lenient skips and counts" {
  needs jsonl
  printf '%s\n' '{"term": "alpha"}' '{"term": "beta", "note": "x"}' \
    '{"term": "gamma"' '{"term": "delta", "term": "x"}' >g.jsonl
  ways -g g.jsonl text
  assert_failure 65
  assert_output ''
  assert_messages 'pfproc: g.jsonl:2: unknown key "note"'
  ways --lenient -g g.jsonl text
  assert_success
  assert_output $'text:1:1: alpha\ntext:2:7: alpha'
  assert_messages \
    'pfproc: g.jsonl: 3 malformed lines skipped; first: 2: unknown key "note"'
}

@test "a large jsonl is read in pieces, with the lines of the whole" {
  needs jsonl
  seq 1 200000 | sed 's/.*/{"term": "word&", "value": "&"}/' >g.jsonl
  lines_of text 'word1 word200000 word99999'
  ways -g g.jsonl text
  assert_output 'text:1:1: word1 -> 1
text:1:7: word200000 -> 200000
text:1:18: word99999 -> 99999'
  echo '{"term": 1}' >>g.jsonl
  pf -g g.jsonl text
  assert_failure 65
  assert_messages 'pfproc: g.jsonl:200001: term must be a string'
}

@test "packed: by content, with the format of the name" {
  needs gz csv jsonl
  printf 'alpha\tx\nbeta\ty\n' >g.tsv
  printf 'term,value\ngamma,z\n' >h.csv
  for packer in "${packers[@]}"; do
    packed "${packer%:*}" g.tsv "g.tsv.${packer#*:}"
    packed "${packer%:*}" h.csv "h.csv.${packer#*:}"
    packed "${packer%:*}" g.tsv plain
    pf -g "g.tsv.${packer#*:}" -g "h.csv.${packer#*:}" text
    assert_success
    assert_output 'text:1:1: alpha -> x
text:1:7: beta -> y
text:1:12: gamma -> z
text:2:7: alpha -> x'
    pf -g plain:tsv --format=tsv text
    assert_line --index 0 $'text\t1\t1\t0\t5\talpha\talpha\tx\t\tplain'
  done
  ways -g g.tsv.zst -g h.csv.gz text
  assert_line --index 2 'text:1:12: gamma -> z'
}

@test "packed: standard input, a FIFO, several members" {
  needs gz csv jsonl
  printf 'alpha\tx\n' | gzip >"$kept/glossary"
  printf 'beta\ty\n' | gzip >>"$kept/glossary"
  input=$kept/glossary ways -g -:tsv text
  assert_success
  assert_output 'text:1:1: alpha -> x
text:1:7: beta -> y
text:2:7: alpha -> x'
  runs "$PFPROC" -g <(cat "$kept/glossary"):tsv -c text
  assert_output 'text:3'
}

@test "packed: an empty one, and one with a fault in a line" {
  needs gz csv jsonl
  : | gzip >g.txt.gz
  pf -g g.txt.gz text
  assert_failure 65
  assert_messages 'pfproc: g.txt.gz: glossary has no entries'
  pf -g g.txt.gz --allow-empty -c text
  assert_success
  printf 'alpha\n\n\xff\n' | xz >g.txt.xz
  ways -g g.txt.xz text
  assert_failure 65
  assert_messages 'pfproc: g.txt.xz:3: term is not valid UTF-8'
  ways --lenient -g g.txt.xz -c text
  assert_output 'text:2'
}

@test "packed: damaged: 65, also with --lenient" {
  needs gz csv jsonl
  seq -f 'word%.0f' 1 20000 >words
  for packer in "${packers[@]}"; do
    packed "${packer%:*}" words whole
    head -c 5000 whole >g.txt
    pf -g g.txt text
    assert_failure 65
    assert_output ''
    assert_regex "$stderr" "^pfproc: g.txt: damaged ${packer%:*} data: [^"$'\n'']*$'
    pf --lenient -g g.txt text
    assert_failure 65
  done
}

@test "packed: a large one is not read in pieces" {
  needs gz csv jsonl
  head -c 6000000 /dev/urandom | base64 >g.txt
  gzip -1 -k g.txt
  [ "$(wc -c <g.txt.gz)" -gt 5000000 ]
  pfg info g.txt
  assert_success
  tail -n +2 "$out" >"$kept/wanted"
  pfg info g.txt.gz
  assert_success
  tail -n +2 "$out" >"$kept/seen"
  same_file "$kept/wanted" "$kept/seen" info
}

@test "packed: a bomb: 65" {
  needs gz csv jsonl
  yes 'a word of a glossary that does not end' | head -c 300000000 |
    zstd -q -19 >bomb.txt.zst
  [ "$(wc -c <bomb.txt.zst)" -lt 100000 ]
  pf -g bomb.txt.zst text
  assert_failure 65
  assert_messages 'pfproc: bomb.txt.zst: zstd data comes to more than 250 times its size; to use it all the same, unpack it first'
}

@test "packed: no image, and no program is run" {
  needs gz csv jsonl
  printf 'alpha\n' >g.txt
  pfg build g.txt
  gzip g.pfg
  pf -g g.pfg.gz text
  assert_usage_error 'g.pfg.gz: an image is mapped, and cannot be compressed'
  for packer in "${packers[@]}"; do
    packed "${packer%:*}" g.txt "g.${packer#*:}"
    runs env PATH=/nowhere "$PFPROC" -g "g.${packer#*:}" -c text
    assert_success
    assert_output 'text:2'
  done
}
