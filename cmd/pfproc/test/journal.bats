# --journal and --resume: a run that was ended is taken up where it was.

load helper

setup() {
  common_setup
  for i in {1..6}; do lines_of f$i "teh $i" 'the end'; done
  printf 'teh\tthe\nthe\tthat\n' >"$kept/g.tsv"
  find=(-g "$kept/g.tsv" --output=o --journal=j)
  edit=(-g "$kept/g.tsv" --replace --in-place --journal=j)
}

# as_if_killed N: the journal ends behind N files, the output anywhere.
as_if_killed() {
  head -n $(($1 + 1)) j >cut
  cp cut j
  rm cut
}

@test "what is done is not done again, and the output is that of one run" {
  taken_up() {
    rm -f o j s t
    runs "$PFPROC" "${find[@]}" --stats=s f? "${way[@]}"
    assert_success
    assert_output ''
    cp o wanted
    cp j "$kept/whole"
    for n in 0 1 3 6; do
      cp "$kept/whole" j
      as_if_killed $n
      echo 'half of a li' >>o
      runs "$PFPROC" "${find[@]}" --resume --stats=t f? "${way[@]}"
      assert_success
      same_file wanted o output
      same_file "$kept/whole" j journal
      assert_equal "$(jq .read_bytes t)" $(((6 - n) * 14))
      for field in files files_matched bytes matches tokens; do
        assert_equal "$(jq .$field t)" "$(jq .$field s)"
      done
    done
  }
  each_way taken_up
}

@test "without a journal to take up, a run begins; without --resume, too" {
  lines_of o 'something old, and longer than all that comes now' 2 3 4 5 6 7 8 9
  ways "${find[@]}" --resume f1
  assert_success
  holds o $'f1:1:1: teh -> the\nf1:2:1: the -> that'
  ways "${find[@]}" f2
  holds o $'f2:1:1: teh -> the\nf2:2:1: the -> that'
  assert_equal "$(wc -l <j)" 2
}

@test "names that stream in" {
  seq -f f%g 1 6 | "$PFPROC" "${find[@]}"
  cp o wanted
  as_if_killed 4
  streaming() {
    seq -f f%g 1 6 | "$PFPROC" "${find[@]}" --resume -j$1
    same_file wanted o output
    as_if_killed $((RANDOM % 7))
  }
  for jobs in 1 2 8; do streaming $jobs; done
}

@test "an input that changed, is new, or failed: all behind it is done again" {
  pf "${find[@]}" f1 gone f2 f3
  assert_failure 66
  pf "${find[@]}" --resume --stats=s f1 gone f2 f3
  assert_failure 66
  assert_messages 'pfproc: gone: No such file or directory' \
    'pfproc: 1 of 4 files failed; first: gone: No such file or directory'
  assert_equal "$(jq -c '[.files, .files_matched, .read_bytes]' s)" '[4,3,28]'
  pf "${find[@]}" f1 f2 f3
  lines_of f2 'no match'
  touch -d 2001-01-01 f2
  pf "${find[@]}" --resume f1 f2 f4 f3
  "$PFPROC" -g "$kept/g.tsv" f1 f2 f4 f3 >wanted
  same_file wanted o output
}

@test "a header and a summary stand there once" {
  for format in 'tsv --header' jsonl; do
    rm -f j
    pf "${find[@]}" --format=$format f?
    cp o wanted
    for n in 6 3 0; do
      as_if_killed $n
      pf "${find[@]}" --format=$format --resume f?
      assert_success
      same_file wanted o output
    done
  done
}

@test "another glossary, other options, or no journal" {
  pf "${find[@]}" f?
  cp j "$kept/j"
  cp o "$kept/o"
  pf -e teh --output=o --journal=j --resume f?
  assert_failure 65
  assert_messages 'pfproc: j: the journal is of a run with another glossary'
  for other in -i --boundary=none -c --format=tsv -a; do
    pf "${find[@]}" $other --resume f?
    assert_usage_error 'j: the journal is of a run with other options'
  done
  pf "${find[@]}" --output=p --resume f?
  assert_usage_error 'j: the journal is of a run with other options'
  # What the result does not depend on.
  pf "${find[@]}" --resume -j1 --mode=pipeline --memory=2M --check f?
  assert_failure 1
  same_file "$kept/j" j journal
  same_file "$kept/o" o output
  lines_of j 'something else'
  pf "${find[@]}" --resume f?
  assert_failure 65
  assert_messages 'pfproc: j: not a journal'
  holds j 'something else'
}

@test "a torn last line counts for nothing; a damaged one before it is told" {
  pf "${find[@]}" f?
  cp o wanted
  cp j "$kept/j"
  size=$(stat -c %s j)
  last=$(tail -n 1 j | wc -c)
  for ((cut = 1; cut <= last; cut += 7)); do
    head -c $((size - cut)) "$kept/j" >j
    pf "${find[@]}" --resume f?
    assert_success
    same_file wanted o output
    same_file "$kept/j" j journal
  done
  sed '4s/f3/f9/' "$kept/j" >j
  pf "${find[@]}" --resume f?
  assert_failure 65
  assert_messages 'pfproc: j: the journal is damaged in line 4'
  # Not even the head is whole.
  head -c 20 "$kept/j" >j
  pf "${find[@]}" --resume f?
  assert_success
  same_file wanted o output
}

@test "an output that is shorter than the journal says" {
  pf "${find[@]}" f?
  : >o
  ways "${find[@]}" --resume f?
  assert_failure 65
  assert_messages 'pfproc: o: shorter than its journal says'
}

@test "edited files are not edited again" {
  again() {
    rm -f j
    for i in {1..6}; do lines_of f$i "teh $i" 'the end'; done
    lines_of none nothing
    runs "$PFPROC" "${edit[@]}" --stats=s f? none "${way[@]}"
    assert_success
    holds f1 $'the 1\nthat end'
    # That they are about to be edited is enough.
    { head -n 1 j; grep ^W j; } >cut
    cp cut j
    runs "$PFPROC" "${edit[@]}" --resume --stats=t f? none "${way[@]}"
    assert_success
    holds f1 $'the 1\nthat end'
    holds f6 $'the 6\nthat end'
    assert_equal "$(jq .matches t)" "$(jq .matches s)"
    assert_equal "$(jq .files_matched t)" 6
    # What was changed since is another file.
    lines_of f1 'teh new'
    runs "$PFPROC" "${edit[@]}" --resume f? none "${way[@]}"
    holds f1 'the new'
    holds f2 $'the 2\nthat end'
  }
  each_way again
}

@test "files below a folder: those that are there, and of the same inputs" {
  tree=(-g "$kept/g.tsv" --replace --output-dir=d --journal=j)
  printf 'teh\0' >bin
  pf "${tree[@]}" f? bin
  before=$(stat -c '%n %i' d/f1 d/f4 d/f5 d/f6)
  rm d/f2
  echo more >>f3
  pf "${tree[@]}" --resume --stats=s f? bin
  assert_success
  assert_messages 'pfproc: 1 binary file skipped; first: bin'
  assert_equal "$(stat -c '%n %i' d/f1 d/f4 d/f5 d/f6)" "$before"
  holds d/f2 $'the 2\nthat end'
  holds d/f3 $'the 3\nthat end\nmore'
  assert_equal "$(jq -c '[.files, .files_matched, .files_skipped_binary]' s)" \
    '[7,6,1]'
}

@test "the statistics are not written over the journal" {
  for j in new old; do
    pf "${find[@]}" --stats=./j f1
    assert_usage_error 'file for statistics is also the journal'
    pf "${find[@]}" f1
  done
  pf "${find[@]}" --resume f1
  assert_success
}

@test "a copy of what was edited is not edited again" {
  pf "${edit[@]}" f1 f2
  for i in 1 2; do
    cp -p f$i copy
    mv copy f$i
  done
  lines_of f2 'teh end'
  pf "${edit[@]}" --resume f1 f2
  assert_success
  holds f1 $'the 1\nthat end'
  holds f2 'the end'
}

@test "a new journal where a file would go stays a journal" {
  mkdir d
  pf -g "$kept/g.tsv" --replace --output-dir=d --journal=d/f1 f1 f2
  assert_failure 73
  assert_message 'pfproc: f1: its output is a glossary or the journal'
  assert_equal "$(head -c 14 d/f1)" pfproc-journal
  pf -g "$kept/g.tsv" --replace --output-dir=d --journal=d/f1 --resume f1 f2
  assert_failure 73
}

@test "names with line breaks, tabs and backslashes" {
  names=($'a\nb' $'c\td' 'e\x' $'\xff' 'f\0a')
  for name in "${names[@]}"; do lines_of "$name" teh; done
  pf "${find[@]}" "${names[@]}"
  assert_success
  assert_equal "$(wc -l <j)" 6
  pf "${find[@]}" --resume --stats=s "${names[@]}"
  assert_success
  assert_equal "$(jq .read_bytes s)" 0
}

@test "what it makes no sense with" {
  pf --journal=j -e x f1
  assert_usage_error '--journal makes no sense without --output or --output-dir or --in-place'
  pf --resume --output=o -e x f1
  assert_usage_error '--resume makes no sense without --journal'
  pf "${find[@]}" --total f1
  assert_usage_error 'totals come at the end'
  pf "${find[@]}" --format=sarif f1
  assert_usage_error 'SARIF'
  pf "${find[@]}" f1 - <f2
  assert_usage_error 'a document on standard input cannot be taken up again'
  pf -e x --output=o --journal=o f1
  assert_usage_error 'the journal is also the output'
  ln -s f1 link
  pf -e x --output=o --journal=link f1
  assert_usage_error 'the journal is also an input'
  pf -g "$kept/g.tsv" --output=o --journal="$kept/g.tsv" f1
  assert_usage_error 'the journal is also a glossary'
  assert_not_exists o
  pf -e x --output=/dev/null --journal=j f1
  assert_failure 73
  assert_message 'pfproc: /dev/null: not a regular file, which a journal needs'
  pf -e x --output=o --journal=no/j f1
  assert_failure 73
  assert_message 'pfproc: no/j: No such file or directory'
}

@test "killed at random, and taken up until it is done" {
  local rounds=40
  [ -z "${PF_LONG-}" ] || rounds=2000
  mkdir any
  cd any
  run timeout 3000 python3 "$PF_SRCDIR/cmd/pfproc/test/resume.py" \
    $rounds "${PF_SEED-$RANDOM}" "$PFPROC"
  assert_success
  assert_output --partial "$rounds rounds"
}
