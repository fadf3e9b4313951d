#!/usr/bin/env bats
# Entries whose value is their own term: where they match, nothing is found.

load helper

setup() {
  common_setup
  printf 'new york\tnew york\nyork\tYORK\nnew\nnew york city\tNYC\n' >g.tsv
  lines_of text 'new york' 'york new' 'a new one' 'york, new york city'
}

@test "shields: a longer phrase keeps a shorter term from being found" {
  ways -g g.tsv text
  assert_success
  assert_messages
  assert_output 'text:2:1: york -> YORK
text:2:6: new
text:3:3: new
text:4:1: york -> YORK
text:4:7: new york city -> NYC'
}

@test "shields: they count for nothing in any action" {
  ways -g g.tsv -c text
  assert_output 'text:5'
  ways -g g.tsv --count-terms text
  assert_output "text	york	2
text	new	2
text	new york city	1"
  ways -g g.tsv --total text
  assert_output "new	2	1
york	2	1
new york city	1	1"
  lines_of only 'new york'
  ways -g g.tsv -l only text
  assert_output text
  ways -g g.tsv -L only text
  assert_output only
  ways -g g.tsv -q only
  assert_failure 1
  ways -g g.tsv -q --check only
  assert_success
}

@test "shields: one of several entries on a span is enough" {
  printf 'york\tyork\nyork\tYORK\nnew\n' >both.tsv
  pf -g both.tsv -e york text
  assert_output 'text:1:1: new
text:2:6: new
text:3:3: new
text:4:7: new'
}

@test "shields: the value is compared byte for byte, also where case is ignored" {
  printf 'york\tYork\tx\tcase=ignore\nnew\tnew\tx\tcase=ignore\n' >case.tsv
  pf -g case.tsv text
  assert_line --index 0 'text:1:5: york -> York'
  refute_line --partial new
  lines_of upper NEW
  pf -g case.tsv upper
  assert_output ''
}

@test "shields: with --overlapping, all that lies within one" {
  printf 'b c d\tb c d\na b\nc\nd e\nb\nb c d e\n' >over.tsv
  lines_of abc 'a b c d e' 'b c'
  ways -g over.tsv --overlapping abc
  assert_output 'abc:1:1: a b
abc:1:3: b c d e
abc:1:7: d e
abc:2:1: b
abc:2:3: c'
}

@test "shields: a glossary of nothing else finds nothing" {
  printf 'york\tyork\n' >only.tsv
  ways -g only.tsv text
  assert_success
  assert_messages
  assert_output ''
}

@test "shields: an image knows how many there are" {
  pfg build -o g.pfg g.tsv
  assert_success
  pfg info g.pfg
  assert_line '  shields     1'
  pfg check g.pfg
  assert_success
  pf -g g.tsv text
  cp "$out" "$kept/wanted"
  pf -g g.pfg text
  same_file "$kept/wanted" "$out" 'by the image'
}

@test "shields: a large file, one of them across each cut" {
  printf 'a a\ta a\na\n' >a.tsv
  awk 'BEGIN { for (i = 0; i < 400001; i++) print "a" }' >many
  ways -g a.tsv -c many
  assert_output many:1
  ways -g a.tsv many
  assert_output 'many:400001:1: a'
  ways -g a.tsv --overlapping -c many
  assert_output ''
}

@test "shields: on a pipe" {
  input=text ways -g g.tsv -
  assert_line --index 0 '(standard input):2:1: york -> YORK'
  assert_equal ${#lines[@]} 5
}
