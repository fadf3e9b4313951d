# pfglossary convert, from any format to any.

load ../../pfproc/test/helper

setup() {
  common_setup
  printf 'alpha\tv, 1\tl\nalpha\t"v2"\tl\nbeta\t\t\tcase=ignore\tboundary=host\n\\#c\tx\\ny\n' \
    >g.tsv
}

@test "to csv, and back" {
  needs csv
  pfg convert --to=csv g.tsv
  assert_success
  assert_messages
  assert_output 'term,value,label,case,boundary
alpha,"v, 1",l,,
alpha,"""v2""",l,,
beta,,,ignore,host
#c,"x
y",,,'
  cp "$out" g.csv
  pfg convert --to tsv g.csv
  cp "$out" back.tsv
  pfg dump g.tsv
  same_file "$out" back.tsv 'back from csv'
}

@test "to jsonl, and back" {
  needs jsonl
  pfg convert -o g.jsonl g.tsv
  assert_success
  assert_output ''
  run cat g.jsonl
  assert_output '{"term":"alpha","value":"v, 1","label":"l"}
{"term":"alpha","value":"\"v2\"","label":"l"}
{"term":"beta","case":"ignore","boundary":"host"}
{"term":"#c","value":"x\ny"}'
  jq -e . g.jsonl >"$kept/seen"
  pfg convert -oback.tsv g.jsonl
  assert_success
  pfg dump g.tsv
  same_file "$out" back.tsv 'back from jsonl'
  assert_no_temporary
}

@test "to csv: another reader understands it" {
  pfg convert --output=g.csv g.tsv
  assert_success
  run python3 -c 'import csv, json
print(json.dumps(list(csv.DictReader(open("g.csv", newline=""))))
  .replace("}, ", "},\n"))'
  assert_line --index 0 \
    '[{"term": "alpha", "value": "v, 1", "label": "l", "case": "", "boundary": ""},'
  assert_line --index 3 \
    '{"term": "#c", "value": "x\ny", "label": "", "case": "", "boundary": ""}]'
}

@test "to codespell and back: the built-in list; from codespell to codespell, each byte" {
  # It is found in parts of words, too, of which codespell knows nothing.
  pfg convert --to=codespell @misspellings
  assert_failure 65
  pfg dump @misspellings
  sed 's/\tboundary=subword//' "$out" >words.tsv
  pfg convert --to=codespell words.tsv
  assert_success
  cp "$out" g.codespell
  pfg convert --to=tsv g.codespell
  cp "$out" "$kept/seen"
  same_file words.tsv "$kept/seen" 'back from codespell'
  printf 'teh->the\nths->this, thus,\nfo->of, for, a remark\n' >h.codespell
  pfg convert --to=codespell h.codespell
  same_file h.codespell "$out" 'codespell'
}

@test "to txt, and back" {
  printf 'alpha\n\\#b\nc d\n' >g.txt
  pfg convert --to=txt g.txt
  assert_success
  same_file g.txt "$out" txt
}

@test "to an image and back" {
  pfg convert -o g.pfg g.tsv
  assert_success
  pfg build -o wanted.pfg g.tsv
  cmp g.pfg wanted.pfg
  pfg convert --to=csv g.tsv
  cp "$out" "$kept/wanted"
  pfg convert --to=csv g.pfg
  same_file "$kept/wanted" "$out" 'csv of the image'
}

@test "several sources, of any format, packed, by standard input" {
  needs gz csv jsonl
  printf 'term\nb\n' >b.csv
  echo '{"term": "c"}' | xz >c.jsonl.xz
  runs bash -c 'echo d | "$PFGLOSSARY" convert --to=txt b.csv c.jsonl.xz -'
  assert_success
  assert_output $'b\nc\nd'
  pfg convert --to=tsv b.csv c.jsonl.xz,case=ignore,label=x
  assert_output $'b\t\t\nc\t\tx\tcase=ignore'
}

@test "what a format cannot hold: 65, and nothing is written" {
  pfg convert -o g.txt g.tsv
  assert_failure 65
  assert_messages 'pfglossary: g.tsv: txt has no place for its value: alpha'
  assert_not_exists g.txt
  assert_no_temporary
  printf 'alpha\nbeta\tv\n' >h.tsv
  pfg convert --to=txt h.tsv
  assert_failure 65
  assert_output ''
  assert_messages 'pfglossary: h.tsv: txt has no place for its value: beta'
  pfg convert --to=codespell h.tsv,case=ignore
  assert_failure 65
  assert_messages \
    'pfglossary: h.tsv: codespell has no place for an entry without a value: alpha'
}

@test "jsonl: only what is too long for a line is refused" {
  needs jsonl
  python3 -c 'print("a\t" + r"\n\t\\" * 349525 + "\t")' >g.tsv
  pfg convert --to=jsonl -o g.jsonl g.tsv
  assert_success
  pfg convert --to=tsv -o back.tsv g.jsonl
  assert_success
  cmp g.tsv back.tsv
  python3 -c 'print("a\t" + "\1" * 1000000)' >h.tsv
  pfg convert --to=jsonl h.tsv
  assert_failure 65
  assert_messages 'pfglossary: h.tsv: jsonl has no place for an entry whose line would be longer than 4 MiB: a'
}

@test "--lenient leaves it out, and counts" {
  printf 'alpha\nbeta\tv\ngamma\tw\n' >h.tsv
  pfg convert --lenient --to=txt h.tsv
  assert_success
  assert_output alpha
  assert_messages \
    'pfglossary: 2 entries left out; first: h.tsv: txt has no place for its value: beta'
  pfg convert --lenient --to=codespell h.tsv
  assert_failure 65
  assert_message 'pfglossary: no entry is left for codespell'
  printf '\tx\nalpha\n' >h.tsv
  pfg convert --lenient --to=txt h.tsv
  assert_output alpha
  assert_messages \
    'pfglossary: h.tsv: 1 malformed line skipped; first: 1: empty term'
}

@test "an older output stays where it fails, and a source is never replaced" {
  echo old >o.txt
  pfg convert -o o.txt g.tsv
  assert_failure 65
  holds o.txt old
  pfg convert -o g.tsv g.tsv
  assert_failure 64
  assert_messages 'pfglossary: g.tsv: the output would replace a source'
  ln g.tsv same.csv
  pfg convert -o same.csv g.tsv
  assert_failure 64
  pfg convert --to=csv -o no/such g.tsv
  assert_failure 73
  pfg convert --to=csv g.tsv none
  assert_failure 66
  assert_output ''
}

@test "empty: 65, unless --allow-empty" {
  : >e.txt
  pfg convert --to=tsv e.txt
  assert_failure 65
  pfg convert --to=csv --allow-empty e.txt
  assert_success
  assert_output 'term,value,label,case,boundary'
}

@test "a full disk: 74" {
  runs bash -c '"$PFGLOSSARY" convert --to=csv g.tsv >/dev/full'
  assert_failure 74
  assert_messages \
    'pfglossary: standard output: No space left on device'
}

@test "usage" {
  for given in 'convert' 'convert --nonsense g.tsv' 'convert g.tsv -o' \
    'convert --to=csv'; do
    # shellcheck disable=SC2086
    pfg $given
    assert_failure 64
    assert_output ''
    assert_regex "$stderr" 'Usage: pfglossary build '
  done
  pfg convert g.tsv
  assert_failure 64
  assert_messages 'pfglossary: standard output: name the format with --to'
  pfg convert -o x.odd g.tsv
  assert_failure 64
  assert_messages \
    'pfglossary: x.odd: no format has this ending; name one with --to'
  pfg convert -o x.csv.gz g.tsv
  assert_failure 64
  assert_messages \
    'pfglossary: x.csv.gz: what is written is not compressed; name the format with --to'
  pfg convert --to=odd g.tsv
  assert_failure 64
  assert_messages 'pfglossary: odd: no such format can be written'
  pfg convert --to=pfg g.tsv
  assert_failure 64
  assert_messages 'pfglossary: name the image with -o'
  pfg convert --to=csv - -
  assert_failure 64
}
