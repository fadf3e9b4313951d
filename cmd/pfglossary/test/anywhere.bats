# pfglossary build --anywhere: images with an index for --boundary=none.

load ../../pfproc/test/helper

stored='pfproc: 4 entries may stand inside words: their index was in the image'
made='pfproc: 4 entries may stand inside words: their index was made at the start'

setup() {
  common_setup
  printf 'alpha\tv1\nbe ta\tv2\tl2\nGamma\t\t\tcase=ignore\n++\t\t\tboundary=strict\n' >g.tsv
  lines_of text 'Alphabet xalphax be  taGAMMAgamma++' 'a++ ++ BE' 'tabe ta'
  "$PFGLOSSARY" build g.tsv
  "$PFGLOSSARY" build --anywhere -o any.pfg g.tsv
}

@test "matches are the same, by every rule" {
  for options in '' -i --boundary=none '--boundary=none -i' \
    '--boundary=none --overlapping' '--boundary=none --space=line' \
    '--boundary=none --space=exact -i' '--boundary=strict' \
    '--boundary=none --word-chars=+'; do
    for action in --format=tsv --total; do
      # shellcheck disable=SC2086
      ways $options $action -g g.tsv text
      assert_success
      cp "$out" "$kept/wanted"
      # shellcheck disable=SC2086
      ways $options $action -g any.pfg text
      assert_success
      same_file "$kept/wanted" "$out" "options: $options $action"
    done
  done
}

@test "matches are the same: rules given with the image" {
  for given in ,boundary=none ,boundary=none,case=ignore ,case=ignore; do
    ways --format=tsv -g "g.pfg$given" text
    [ -s "$out" ]
    cp "$out" "$kept/wanted"
    ways --format=tsv -g "any.pfg$given" text
    same_file "$kept/wanted" "$out" "given: $given"
  done
}

@test "--verbose says whether the index was in the image" {
  for options in '' -i --overlapping --space=line; do
    # shellcheck disable=SC2086
    ways --verbose --boundary=none $options -g any.pfg text
    assert_message "$stored"
  done
  ways --verbose -g any.pfg,boundary=none text
  assert_message "$stored"
  # A term has white space.
  ways --verbose --boundary=none --space=exact -g any.pfg text
  assert_message "$made"
  ways --verbose --boundary=none -g g.pfg text
  assert_message "$made"
  ways --verbose --boundary=none -g g.tsv text
  assert_message "$made"
  lines_of words alpha beta
  ways --verbose -g words text
  assert_messages 'pfproc: 2 entries'
}

@test "info lists it; dump and check are as ever" {
  pfg info any.pfg
  assert_success
  assert_line --regexp '^    anywhere +[0-9]+$'
  assert_line --regexp '^    anywhere-i +[0-9]+$'
  pfg info g.pfg
  refute_line --regexp 'anywhere'
  pfg dump g.pfg
  cp "$out" "$kept/wanted"
  pfg dump any.pfg
  assert_success
  same_file "$kept/wanted" "$out" dump
  pfg check any.pfg
  assert_success
  assert_output ''
}

@test "the same sources make the same bytes, also from an image" {
  seq -f 'term %.0f K' 50000 >many.txt
  cp many.txt as.txt
  pfg build --anywhere -o one.pfg many.txt
  assert_success
  pfg build --anywhere -o two.pfg many.txt
  same_file one.pfg two.pfg 'a second build'
  pfg check one.pfg
  assert_success
  # It is in an image if it is asked for.
  pfg build many.txt
  pfg build --anywhere -o three.pfg many.pfg
  same_file one.pfg three.pfg 'from an image'
  pfg build -o four.pfg one.pfg
  same_file many.pfg four.pfg 'without it'
}

@test "rules given when it is built are part of it" {
  pfg build --anywhere -o none.pfg g.pfg,boundary=none,case=ignore
  assert_success
  pfg check none.pfg
  assert_success
  pfg info none.pfg
  assert_line --regexp '^    anywhere +[0-9]+$'
  refute_line --regexp '^    anywhere-i'
  ways --verbose -g none.pfg text
  assert_message "$stored"
}

@test "damage: check finds it, and nothing crashes" {
  size=$(stat -c %s any.pfg)
  # In the last section, which is one of the two.
  printf x | dd of=any.pfg bs=1 seek="$((size - 20))" conv=notrunc status=none
  pfg check any.pfg
  assert_failure 65
  assert_regex "$stderr" \
    '^pfglossary: any.pfg: the image is damaged: wrong checksum of section 15$'
  for options in '' -i; do
    # shellcheck disable=SC2086
    ways --boundary=none $options -g any.pfg text
    assert_success
  done
}

@test "nothing that may start anywhere: nothing is added" {
  printf 'alpha\t\t\tboundary=strict\n' >strict.tsv
  pfg build strict.tsv
  pfg build --anywhere -o same.pfg strict.tsv
  assert_success
  same_file strict.pfg same.pfg 'image'
  : >empty.txt
  pfg build --anywhere --allow-empty empty.txt
  assert_success
}
