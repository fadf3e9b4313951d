# pfglossary build: sources to an image.

load ../../pfproc/test/helper

setup() {
  common_setup
  printf '# made up\nalpha\tv1\tl1\nalpha\tv2\n\nbeta\t\tl2\tcase=ignore\tboundary=host\nC++\n' \
    >g.tsv
  lines_of text 'Alpha alpha BETA beta C++ gamma' 'delta' 'alpha beta'
}

@test "an image stands beside its source, and says nothing" {
  pfg build g.tsv
  assert_success
  assert_output ''
  assert_messages
  assert_exists g.pfg
  assert_no_temporary
  pfg check g.pfg
  assert_success
  assert_output ''
}

@test "the ending of the name is replaced, that of a folder is not" {
  mkdir dir.x
  for name in words dir.x/words .words a.b.txt; do
    lines_of "$name" alpha
    pfg build "./$name"
    assert_success
  done
  assert_exists words.pfg
  assert_exists dir.x/words.pfg
  assert_exists .words.pfg
  assert_exists a.b.pfg
  cp words odd.name
  pfg build odd.name:txt,case=ignore
  assert_success
  assert_exists odd.pfg
}

@test "matches are those of the source" {
  pfg build g.tsv
  for options in '' -i --boundary=none --overlapping --format=tsv --total \
    '--count-terms --boundary=strict'; do
    # shellcheck disable=SC2086
    ways $options -g g.tsv text
    assert_success
    cp "$out" "$kept/wanted"
    # shellcheck disable=SC2086
    ways $options -g g.pfg text
    assert_success
    same_file "$kept/wanted" "$out" "options: $options"
  done
}

@test "matches are those of the source: codespell, without case" {
  printf 'teh->the\nths->this, thus, a remark\n' >g.codespell
  lines_of text 'Teh ths THS teh'
  pfg build g.codespell
  ways -g g.codespell --format=tsv text
  cp "$out" "$kept/wanted"
  [ -s "$out" ]
  ways -g g.pfg --format=tsv text
  same_file "$kept/wanted" "$out" 'matches'
}

@test "dump: the same as of the source" {
  pfg build g.tsv
  pfg dump g.tsv
  cp "$out" "$kept/wanted"
  pfg dump g.pfg
  assert_success
  same_file "$kept/wanted" "$out" 'dump'
}

@test "what dump writes makes the same image, the name of the source apart" {
  pfg build g.tsv
  mkdir back
  pfg dump g.pfg
  cp "$out" back/g.tsv
  (cd back && "$PFGLOSSARY" build g.tsv)
  same_file g.pfg back/g.pfg 'image'
}

# Repeated: one entry of a few, many of all kinds, all of one.
@test "what dump writes makes the same image, also where entries were repeated" {
  local folder
  mkdir few many one
  printf 'alpha\nbeta gamma\nalpha\n' >few/g.tsv
  awk 'BEGIN {
    for (i = 0; i < 100000; i++) {
      n = i % 9973
      print (n % 4 ? "term " n : ".c" n "++") (n % 3 ? "" : "\tvalue " i % 2) \
        (n % 5 ? "" : (n % 3 ? "\t" : "") "\t\tboundary=none")
      print n % 100 ? "last" : "%%"
    }
  }' >many/g.tsv
  awk 'BEGIN { for (i = 0; i < 1000; i++) print "the same" }' >one/g.tsv
  for folder in few many one; do
    mkdir $folder/back
    (cd $folder && "$PFGLOSSARY" build g.tsv)
    pfg dump $folder/g.pfg
    cp "$out" $folder/back/g.tsv
    [ "$(wc -l <"$out")" -lt "$(wc -l <$folder/g.tsv)" ]
    (cd $folder/back && "$PFGLOSSARY" build g.tsv)
    same_file $folder/g.pfg $folder/back/g.pfg $folder
    pfg check $folder/g.pfg
    assert_success
    assert_output ''
  done
}

@test "the same sources make the same bytes, on any number of processors" {
  seq -f 'term %.0f' 200000 >g.txt
  seq -f 'other %.0f' 1000 >h.txt
  pfg build -o one.pfg g.txt h.txt
  assert_success
  pfg build -o two.pfg g.txt h.txt
  runs taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" \
    "$PFGLOSSARY" build -o three.pfg g.txt h.txt
  assert_success
  same_file one.pfg two.pfg 'a second build'
  same_file one.pfg three.pfg 'a build on one processor'
}

@test "several sources, each with its keys" {
  lines_of h.txt alpha gamma
  pfg build -o all.pfg g.tsv h.txt,case=ignore,label=given @misspellings
  assert_success
  pfg dump all.pfg
  head -n 6 "$out" >"$kept/seen"
  printf 'alpha\tv1\tl1\nalpha\tv2\t\nbeta\t\tl2\tcase=ignore\tboundary=host\nC++\t\t\nalpha\t\tgiven\tcase=ignore\ngamma\t\tgiven\tcase=ignore\n' \
    >"$kept/wanted"
  same_file "$kept/wanted" "$kept/seen" dump
  ways -g all.pfg --format=tsv text
  assert_line $'text\t1\t1\t0\t5\tAlpha\talpha\t\tgiven\th.txt'
  assert_line $'text\t1\t27\t26\t5\tgamma\tgamma\t\tgiven\th.txt'
  pfg info all.pfg
  assert_line '  sources     3'
}

@test "an image is a source like any other" {
  pfg build g.tsv
  lines_of h.txt gamma
  pfg build -o both.pfg g.pfg h.txt
  assert_success
  pfg build -o plain.pfg g.tsv h.txt
  same_file plain.pfg both.pfg 'image'
  ways -g h.txt -g g.pfg -e delta text
  assert_output 'text:1:7: alpha -> v1, v2
text:1:13: BETA
text:1:18: beta
text:1:23: C++
text:1:27: gamma
text:2:1: delta
text:3:1: alpha -> v1, v2
text:3:7: beta'
}

@test "keys given with an image are for entries without their own" {
  pfg build g.tsv
  ways -g g.pfg,case=ignore,boundary=strict,label=mine --format=tsv text
  assert_line $'text\t1\t1\t0\t5\tAlpha\talpha\tv2\tmine\tg.tsv'
  assert_line $'text\t1\t1\t0\t5\tAlpha\talpha\tv1\tl1\tg.tsv'
  # Built again, they are the entries' own.
  pfg build -o other.pfg g.pfg,case=ignore,label=mine
  assert_success
  pfg dump other.pfg
  assert_output $'alpha\tv1\tl1\tcase=ignore\nalpha\tv2\tmine\tcase=ignore\nbeta\t\tl2\tcase=ignore\tboundary=host\nC++\t\tmine\tcase=ignore'
}

@test "standard input, and the built-in list, need a name for the image" {
  for source in - @misspellings; do
    pfg build $source
    assert_failure 64
    assert_messages "pfglossary: $source: name the image with -o"
  done
  runs "$PFGLOSSARY" build -o a.pfg -:tsv <g.tsv
  assert_success
  pfg info a.pfg
  assert_line '  entries     4'
  pfg build -o b.pfg - -:tsv
  assert_failure 64
  assert_messages 'pfglossary: -:tsv: standard input can be read once only'
}

@test "a source is never replaced" {
  cp g.tsv g.pfg
  ln g.tsv hard.tsv
  ln -s g.tsv soft.tsv
  cp g.tsv "$kept/before"
  for given in '-o g.tsv g.tsv' '-o ./g.tsv g.tsv' '-o hard.tsv g.tsv' \
    '-o soft.tsv g.tsv' 'g.pfg:tsv' '-o missing missing'; do
    # shellcheck disable=SC2086
    pfg build $given
    assert_failure 64
    [[ $stderr == *': the output would replace a source' ]]
  done
  same_file "$kept/before" g.tsv 'the source'
}

@test "malformed: 65, and an older image stays; --lenient counts" {
  pfg build g.tsv
  cp g.pfg "$kept/before"
  printf 'delta\nbad\t\t\tcase=maybe\nx\xff\n' >g.tsv
  pfg build g.tsv
  assert_failure 65
  assert_messages \
    'pfglossary: g.tsv:2: unknown rule in a column after the label: case=maybe'
  same_file "$kept/before" g.pfg 'the image'
  assert_no_temporary
  pfg build --lenient g.tsv
  assert_success
  assert_messages 'pfglossary: g.tsv: 2 malformed lines skipped; first: 2: unknown rule in a column after the label: case=maybe'
  pfg dump g.pfg
  assert_output $'delta\t\t'
}

@test "empty: 65, unless --allow-empty" {
  : >none.txt
  pfg build none.txt
  assert_failure 65
  assert_messages 'pfglossary: none.txt: glossary has no entries'
  assert_not_exists none.pfg
  pfg build --allow-empty none.txt
  assert_success
  pf -g none.pfg text
  assert_failure 65
  assert_messages 'pfproc: none.pfg: glossary has no entries'
  ways --allow-empty -g none.pfg text
  assert_success
  assert_output ''
}

@test "missing: 66; a place that cannot be written to: 73; a full disk: 74" {
  pfg build missing
  assert_failure 66
  assert_messages 'pfglossary: missing: No such file or directory'
  mkdir closed
  chmod 555 closed
  runs "${unprivileged[@]}" "$PFGLOSSARY" build -o closed/g.pfg g.tsv
  assert_failure 73
  assert_messages 'pfglossary: closed/g.pfg: Permission denied'
  pfg build -o none/g.pfg g.tsv
  assert_failure 73
  pfg build -o . g.tsv
  assert_failure 73
  pfg build -o /dev/full g.tsv
  assert_failure 74
  assert_messages 'pfglossary: /dev/full: No space left on device'
}

@test "more than the memory there is: 75 and a message, and nothing is left" {
  yes 'a rather long term that is repeated, with a value of some length to it' |
    awk '{ print $0 NR "\t" $0 $0 } NR == 500000 { exit }' >large.tsv
  # A sanitizer needs the address space itself.
  if [ -n "${PF_SANITIZER-}" ]; then
    pfg build large.tsv
    assert_success
    return
  fi
  runs prlimit --as=150000000 "$PFGLOSSARY" build large.tsv
  assert_failure 75
  assert_regex "$stderr" '^pfglossary: .*([Mm]emory)'
  assert_equal "$(wc -l <"$err")" 1
  assert_not_exists large.pfg
  assert_no_temporary
}

@test "a source that is larger than memory: 75 and a message, at once" {
  truncate -s 15T vast.txt
  pfg build vast.txt
  assert_failure 75
  assert_regex "$stderr" '^pfglossary: vast.txt: not enough memory for the glossary: it has [0-9]+ MiB, and [0-9]+ MiB are available$'
  assert_not_exists vast.pfg
}

# assert_small SOURCE: its image takes at most 40 bytes an entry besides strings.
assert_small() {
  pfg build -o small.pfg "$1"
  pfg info small.pfg
  assert_success
  [[ $output =~ of\ which\ ([0-9]+)\.[0-9]\ are\ not ]]
  echo "$1: ${BASH_REMATCH[1]}"
  [ "${BASH_REMATCH[1]}" -lt 40 ]
}

@test "size: at most 40 bytes an entry besides its strings" {
  cp /usr/share/dict/american-english-insane words.txt
  awk '{ print $1 "\tvalue of " $1 "\t" NR % 7 }' words.txt >values.tsv
  seq -f 'customer_%08.0f_record' 200000 >made.txt
  # The dearest kind: phrases with values, of which some have the same term.
  awk 'NR % 5 { line = line $1 " "; next }
    { print line $1 "\tvalue"; if (NR % 50 == 0) print line $1 "\tother"
      line = "" }' words.txt >phrases.tsv
  head -n 30000 values.tsv >few.tsv
  sed -n '1s/\t.*/\tagain/p' few.tsv >again.tsv
  cat again.tsv >>few.tsv
  for source in words.txt made.txt values.tsv phrases.tsv few.tsv; do
    assert_small "$source"
  done
  pfg check small.pfg
  assert_success
}

@test "usage" {
  for given in 'build' 'build -o' 'build --nonsense g.tsv' 'build -o x' \
    'build g.tsv -o'; do
    # shellcheck disable=SC2086
    pfg $given
    assert_failure 64
    assert_output ''
    [[ $stderr == *'Usage: pfglossary build '* ]]
  done
  assert_message 'pfglossary: option needs a value: -o'
  pfg build g.tsv,case=maybe
  assert_failure 64
  assert_messages \
    'pfglossary: g.tsv,case=maybe: case must be exact or ignore: case=maybe'
  pfg build g.tsv,delim=tab
  assert_failure 64
}
