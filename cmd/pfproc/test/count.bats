# -c, --count-terms, --total.

load helper

setup() {
  common_setup
  lines_of a 'beta alpha beta' 'alpha beta'
  lines_of b 'gamma beta'
  lines_of none 'nothing'
  terms=(-e alpha -e beta -e gamma -e delta)
}

@test "-c: PATH:N, of files that have any" {
  ways -c "${terms[@]}" a none b
  assert_success
  assert_output $'a:5\nb:2'
  ways --count "${terms[@]}" none
  assert_success
  assert_output ''
}

@test "-c: tsv" {
  lines_of $'t\tb' alpha
  ways -c --format=tsv "${terms[@]}" a $'t\tb' none
  assert_output $'a\t5\nt\\tb\t1'
}

@test "-c: a match with several entries counts once" {
  printf 'alpha\t1\nalpha\t2\n' >g.tsv
  ways -c -g g.tsv -e alpha a
  assert_output a:2
}

@test "--count-terms: per file, in the order in which terms are first met" {
  ways --count-terms "${terms[@]}" b none a
  assert_success
  assert_output $'b\tgamma\t1\nb\tbeta\t1\na\tbeta\t3\na\talpha\t2'
  ways --count-terms --format=tsv "${terms[@]}" b
  assert_output $'b\tgamma\t1\nb\tbeta\t1'
}

@test "--count-terms: the term as the glossary has it" {
  printf 'aL\\tpha\n' >g.tsv
  printf 'Al \n pHA' >file
  ways --count-terms -i -g g.tsv file
  assert_output $'file\taL\\tpha\t1'
}

@test "--total: by count, descending, then in byte order" {
  lines_of more 'zeta zeta eta eta theta Eta'
  ways --total "${terms[@]}" -e zeta -e eta -e theta -e Eta -e épsilon \
    a b none more more
  assert_success
  # A name given twice is two files.
  assert_output $'beta\t4\t2
eta\t4\t2
zeta\t4\t2
Eta\t2\t2
alpha\t2\t1
theta\t2\t2
gamma\t1\t1'
}

@test "--total: equal terms of several entries are one" {
  printf 'alpha\t1\nalpha\t2\n' >g.tsv
  ways --total -g g.tsv -e alpha a
  assert_output $'alpha\t2\t1'
}

@test "--total: terms that differ in case are several, also without case" {
  lines_of file 'Alpha alpha'
  ways --total -i -e alpha -e Alpha file
  assert_output $'Alpha\t2\t1\nalpha\t2\t1'
}

@test "--total: escapes in text and tsv" {
  printf 'a\\tb\n' >g.tsv
  printf 'a\tb\n' >file
  ways --total -g g.tsv file
  assert_output $'a\\tb\t1\t1'
  ways --total --format=tsv -g g.tsv file
  assert_output $'a\\tb\t1\t1'
}

@test "--total: the good files count where others fail" {
  ways --total "${terms[@]}" missing b
  assert_failure 66
  assert_output $'beta\t1\t1\ngamma\t1\t1'
}

@test "--overlapping is counted" {
  lines_of file 'a b c'
  ways -c --overlapping -e 'a b' -e 'b c' file
  assert_output file:2
  ways -c -e 'a b' -e 'b c' file
  assert_output file:1
}

@test "counts beyond one buffer" {
  yes 'alpha beta' | head -n 60000 >large || true
  ways -c "${terms[@]}" large
  assert_output large:120000
  ways --total "${terms[@]}" large large
  assert_output $'alpha\t120000\t2\nbeta\t120000\t2'
}

@test "--total, --count-terms: a term in two glossaries is one" {
  printf 'hello\tv1\n' >g.tsv
  printf 'hello\tv2\n' >h.tsv
  lines_of file 'hello hello'
  ways --total -g g.tsv -g h.tsv file
  assert_output $'hello\t2\t1'
  ways --count-terms -g g.tsv -g h.tsv file
  assert_output $'file\thello\t2'
}

@test "-c, --count-terms: the good files count where others fail" {
  lines_of a hello
  ways -c -e hello a missing a
  assert_failure 66
  assert_output $'a:1\na:1'
  ways --count-terms -e hello a missing a
  assert_failure 66
  assert_output $'a\thello\t1\na\thello\t1'
}
