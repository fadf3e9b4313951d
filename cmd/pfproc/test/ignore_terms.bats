#!/usr/bin/env bats
# --ignore-terms=FILE: as if its terms were in no glossary.

load helper

setup() {
  common_setup
  printf 'new york\tNY\nnew\tn\nyork\ty\nCat\tc\tx\tcase=ignore\n' >g.tsv
  lines_of text 'new york' 'york CAT'
}

@test "ignored terms: a longer one that is ignored hides no shorter one" {
  lines_of skip '# not that one' 'new york' '' other
  ways -g g.tsv --ignore-terms=skip text
  assert_success
  assert_messages
  assert_output 'text:1:1: new -> n
text:1:5: york -> y
text:2:1: york -> y
text:2:6: CAT -> c'
}

@test "ignored terms: from several files, and from standard input" {
  lines_of skip 'new york'
  lines_of more york
  ways -g g.tsv --ignore-terms=skip --ignore-terms more text
  assert_output 'text:1:1: new -> n
text:2:6: CAT -> c'
  input=more ways -g g.tsv --ignore-terms=- text
  assert_output 'text:1:1: new york -> NY
text:2:6: CAT -> c'
  pf --ignore-terms=- -g g.tsv -
  assert_usage_error 'standard input is used twice'
}

@test "ignored terms: byte for byte, or folded where the entry ignores case" {
  lines_of skip NEW 'New York' cAt
  ways -g g.tsv --ignore-terms=skip text
  assert_output 'text:1:1: new york -> NY
text:2:1: york -> y'
  # The nearest rule decides, as for matches.
  ways -g g.tsv -i --ignore-terms=skip text
  assert_output 'text:1:5: york -> y
text:2:1: york -> y'
}

@test "ignored terms: a shield among them does not shield" {
  printf 'new york\tnew york\nyork\n' >s.tsv
  lines_of skip 'new york'
  pf -g s.tsv text
  assert_output 'text:2:1: york'
  pf -g s.tsv --ignore-terms=skip text
  assert_output 'text:1:5: york
text:2:1: york'
}

@test "ignored terms: of an image, of -e, of the misspellings" {
  pfg build -o g.pfg g.tsv
  lines_of skip 'new york' recieve dog
  ways -g g.tsv --ignore-terms=skip text
  cp "$out" "$kept/wanted"
  ways -g g.pfg --ignore-terms=skip text
  same_file "$kept/wanted" "$out" 'by the image'
  lines_of words 'recieve seperate dog'
  ways --ignore-terms=skip words
  assert_output 'words:1:9: seperate -> separate'
  ways -e dog -e recieve --ignore-terms=skip words
  assert_output ''
  assert_success
}

@test "ignored terms: --total, -c, -q and boundary=none" {
  lines_of skip york
  ways -g g.tsv --ignore-terms=skip --total text
  assert_output "Cat	1	1
new york	1	1"
  ways -g g.tsv --ignore-terms=skip -c --boundary=none text
  assert_output text:2
  ways -e york --ignore-terms=skip -q text
  assert_failure 1
}

@test "ignored terms: an empty file ignores nothing" {
  : >skip
  pf -e york --ignore-terms=skip text
  assert_success
  assert_output 'text:1:5: york
text:2:1: york'
}

@test "ignored terms: a file that is missing or malformed ends the run" {
  pf -e york --ignore-terms=none text
  assert_failure 66
  assert_messages 'pfproc: none: No such file or directory'
  assert_output ''
  printf 'good\nb\xffd\n' >bad
  pf -e york --ignore-terms=bad text
  assert_failure 65
  assert_messages 'pfproc: bad:2: term is not valid UTF-8'
  pf -e york --ignore-terms=bad --lenient text
  assert_success
  assert_messages 'pfproc: bad: 1 malformed line skipped; first: 2: term is not valid UTF-8'
  pf -e york --ignore-terms
  assert_usage_error 'option needs a value: --ignore-terms'
  lines_of skip york
  pf -e york --ignore-terms=skip --output=skip text
  assert_usage_error 'output is also a glossary'
  holds skip york
}
