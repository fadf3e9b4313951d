# --replace: files with values in place of matches.

load helper

setup() {
  common_setup
  printf 'teh->the\nrecieve->receive\nclas->class, claims,\nenglish->English\n' \
    >d.codespell
  terms=(-g d.codespell)
}

@test "values in place of matches, all else as it is" {
  printf 'I recieve\tteh  book\r\nteh\n\n end, teh' >a
  printf 'nothing here\n' >b
  ways --replace "${terms[@]}" a b
  assert_success
  printf 'I receive\tthe  book\r\nthe\n\n end, thenothing here\n' >wanted
  same_file wanted "$out" output
  assert_messages
}

@test "the case of the match, where the entry ignores case" {
  lines_of a 'teh Teh TEH tEh english English ENGLISH'
  pf --replace "${terms[@]}" a
  assert_output 'the The THE the English English ENGLISH'
  pf --replace --no-preserve-case "${terms[@]}" a
  assert_output 'the the the the English English English'
}

@test "values as they are, where the entry is exact" {
  printf 'Teh\tthis\nteh\tthat\n' >g.tsv
  lines_of a 'teh Teh TEH'
  pf --replace -g g.tsv a
  assert_output 'that this TEH'
}

@test "values as they are, where only white space or the form of characters is other" {
  printf 'NEW YORK\tnyc\nCAF\xC3\x89\tcoffee\nEVIL.COM\tbad\n' >g.tsv
  printf 'NEW  YORK NEW YORK\n' >a
  pf --replace -g g.tsv a
  assert_output 'nyc nyc'
  printf 'CAF\xC3\x89 CAFE\xCC\x81\n' >b
  pf --replace --normalize -g g.tsv b
  assert_output 'coffee coffee'
  lines_of c 'EVIL.COM EVIL[.]COM'
  pf --replace --refang -g g.tsv c
  assert_output 'bad bad'
}

@test "an exact entry comes before one that ignores case" {
  printf 'US\tUnited States\nus\twe\t\tcase=ignore\n' >g.tsv
  lines_of a 'us US Us'
  pf --replace -g g.tsv a
  assert_output 'we United States We'
  assert_messages
}

@test "several values: a remark, and nothing is replaced" {
  lines_of a 'teh clas' 'a Clas of teh clas'
  lines_of b 'clas'
  ways --replace "${terms[@]}" a b
  assert_success
  assert_output $'the clas\na Clas of the clas\nclas'
  assert_messages \
    'pfproc: a:1:5: clas has several values: class, claims' \
    'pfproc: a:2:3: Clas has several values: class, claims' \
    'pfproc: a:2:15: clas has several values: class, claims' \
    'pfproc: b:1:1: clas has several values: class, claims'
}

@test "several values: those of an entry that is spelled as the match is" {
  printf 'foo bar\tX\nFoo Bar\tY\t\tcase=ignore\n' >g.tsv
  printf 'foo bar\nfoo \t bar\nfoo  bar x foobar\nFoo  Bar\n' >f
  pf --replace -g g.tsv f
  assert_output $'X\nX\nX x foobar\nY'
  assert_messages
}

@test "several values: the first where that is asked for" {
  lines_of a 'teh Clas'
  ways --replace --first-value "${terms[@]}" a
  assert_success
  assert_output 'the Class'
  assert_messages
}

@test "the same value twice is one value" {
  printf 'a\tb\tx\na\tb\ty\nc\n' >g.tsv
  lines_of f 'a c'
  pf --replace -g g.tsv f
  assert_output 'b c'
  assert_messages
}

@test "what was put in is not looked at again" {
  printf 'a\tb\nb\ta\na b\tb a\n' >g.tsv
  lines_of f 'a; b; a b; ab'
  pf --replace -g g.tsv f
  assert_output 'b; a; b a; ab'
}

@test "phrases on one line, unless --space says otherwise" {
  printf 'New York\tNYC\n' >g.tsv
  printf 'New  York New\nYork' >f
  pf --replace -g g.tsv f
  assert_output $'NYC New\nYork'
  pf --replace --space=wrap -g g.tsv f
  assert_output $'NYC NYC'
}

@test "a phrase across a line break is one match, which stays" {
  printf 'New York\tNew York\nYork\tEngland\nOld York\tY\n' >g.tsv
  printf 'York: New\nYork, Old\nYork, Old York\n' >f
  ways --replace -g g.tsv f
  assert_output $'England: New\nYork, Old\nYork, Y'
  ways --replace --space=line -g g.tsv f
  assert_output $'England: New\nEngland, Old\nEngland, Y'
}

@test "byte order marks stay; decoded text comes as UTF-8" {
  printf '\xEF\xBB\xBFteh teh' >bom
  printf '\xEF\xBB\xBF' >only
  printf '\xFF\xFEt\0e\0h\0' >utf16
  ways --replace "${terms[@]}" bom only utf16
  printf '\xEF\xBB\xBFthe the\xEF\xBB\xBFthe' >wanted
  same_file wanted "$out" output
}

@test "bytes that are not UTF-8 stay" {
  printf 'teh \xFF\xC3 teh\xFFteh\0teh' >raw
  ways --replace -a "${terms[@]}" raw
  printf 'the \xFF\xC3 the\xFFthe\0the' >wanted
  same_file wanted "$out" output
}

@test "binary files are passed over" {
  printf '\xEF\xBB\xBFteh\0\n' >bin
  lines_of a teh
  ways --replace "${terms[@]}" bin a
  assert_success
  assert_output the
  assert_messages 'pfproc: 1 binary file skipped; first: bin'
}

@test "large files, whatever they are cut into" {
  awk 'BEGIN { for (i = 0; i < 3000; i++)
    printf "teh %d recieve TEH. %*s\n", i, i % 700, "x" }' >large
  sed 's/teh/the/g; s/recieve/receive/g; s/TEH/THE/g' large >wanted
  ways --replace "${terms[@]}" --memory=1M large
  assert_success
  same_file wanted "$out" output
}

@test "a stream" {
  printf 'teh book\n' >doc
  input=doc ways --replace "${terms[@]}" -
  assert_output 'the book'
}

@test "what it makes no sense with" {
  lines_of a teh
  pf --replace --overlapping "${terms[@]}" a
  assert_usage_error 'one match is replaced at a place'
  pf --replace --find "${terms[@]}" a
  assert_usage_error 'two actions'
  pf --replace --format=tsv "${terms[@]}" a
  assert_usage_error 'no records'
  pf --replace -q "${terms[@]}" a
  assert_usage_error 'nothing is written'
  pf --first-value "${terms[@]}" a
  assert_usage_error '--first-value makes no sense without --replace'
  pf --no-preserve-case -c "${terms[@]}" a
  assert_usage_error '--no-preserve-case makes no sense without --replace'
}

@test "--check and --expect ask what was found" {
  lines_of a teh
  lines_of b the
  pf --replace --check "${terms[@]}" a
  assert_failure 1
  assert_output the
  pf --replace --expect "${terms[@]}" b
  assert_failure 1
  assert_output the
}

@test "--output and --fail-fast" {
  lines_of a teh
  ways --replace --fail-fast --output=o "${terms[@]}" a gone a
  assert_failure 66
  holds o the
}
