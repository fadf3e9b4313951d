# --header, -Z.

load helper

setup() {
  common_setup
  lines_of a 'beta alpha beta'
  lines_of none nothing
  terms=(-e alpha -e beta)
}

@test "--header: the names of the columns, once" {
  ways --format=tsv --header -e alpha a a
  assert_output $'path\tline\tcolumn\toffset\tlength\ttext\tterm\tvalue\tlabel\tglossary
a\t1\t6\t5\t5\talpha\talpha\t\t\t-e
a\t1\t6\t5\t5\talpha\talpha\t\t\t-e'
  ways --format=tsv --header -c "${terms[@]}" a
  assert_output $'path\tcount\na\t3'
  ways --format=tsv --header --count-terms "${terms[@]}" a
  assert_output $'path\tterm\tcount\na\tbeta\t2\na\talpha\t1'
  ways --format=tsv --header --total "${terms[@]}" a
  assert_output $'term\tcount\tfiles\nbeta\t2\t1\nalpha\t1\t1'
  ways --format=tsv --header --total --group-by=1 "${terms[@]}" a
  assert_output $'group\tcount\tfiles\n.\t3\t1'
  ways --format=tsv --header -l "${terms[@]}" a none
  assert_output $'path\na'
  ways --format=tsv --header -L "${terms[@]}" a none
  assert_output $'path\nnone'
}

@test "--header: also where nothing is found, or the first file fails" {
  ways --format=tsv --header -c "${terms[@]}" none
  assert_output $'path\tcount'
  ways --format=tsv --header -c "${terms[@]}" missing a
  assert_failure 66
  assert_output $'path\tcount\na\t3'
  input=/dev/null ways --format=tsv --header -c "${terms[@]}"
  assert_output $'path\tcount'
}

@test "--header: into a file" {
  pf --format=tsv --header -c --output=o "${terms[@]}" a
  assert_equal "$(cat o)" $'path\tcount\na\t3'
}

@test "--header: refused without tsv" {
  for format in '' --format=text --format=jsonl --format=sarif --format=github; do
    # shellcheck disable=SC2086
    pf --header $format "${terms[@]}" a
    assert_usage_error '--header is for --format=tsv only'
  done
}

# shown_as TEXT: the last output, with "@" for each NUL byte, is TEXT.
shown_as() {
  assert_equal "$(tr '\0' @ <"$out")" "$1"
}

@test "-Z: a NUL byte in place of what follows a name" {
  lines_of $'x\ny:z' alpha
  ways -Z "${terms[@]}" a $'x\ny:z' none
  shown_as $'a@1:1: beta\na@1:6: alpha\na@1:12: beta\nx\ny:z@1:1: alpha'
  ways -cZ "${terms[@]}" a $'x\ny:z' none
  shown_as $'a@3\nx\ny:z@1'
  ways --null-output --count-terms "${terms[@]}" a $'x\ny:z' none
  shown_as $'a@beta\t2\na@alpha\t1\nx\ny:z@alpha\t1'
  ways -lZ "${terms[@]}" a $'x\ny:z' none
  shown_as $'a@x\ny:z@'
  ways -LZ "${terms[@]}" a none missing
  assert_failure 66
  shown_as 'none@'
}

@test "-Z: with --lines as with grep, also before context" {
  printf 'one\nalpha two\nthree\n' >$'x\ny:z'
  ways -Z --lines -Hn -C1 "${terms[@]}" $'x\ny:z'
  cp "$out" "$kept/seen"
  runs grep -ZHn -C1 alpha $'x\ny:z'
  same_file "$out" "$kept/seen" '-Hn'
  ways -Z --lines -H --color=always "${terms[@]}" $'x\ny:z'
  cp "$out" "$kept/seen"
  GREP_COLORS=mt='01;31' runs grep -ZH --color=always alpha $'x\ny:z'
  same_file "$out" "$kept/seen" 'in colour'
}

@test "-Z: xargs -0 reads it" {
  lines_of 'with space' alpha
  pf -lZ "${terms[@]}" a 'with space'
  cp "$out" "$kept/names"
  runs xargs -0 ls <"$kept/names"
  assert_output $'a\nwith space'
}

@test "-Z: refused where names are escaped, or are not there" {
  for format in tsv jsonl sarif github; do
    pf -Z --format=$format "${terms[@]}" a
    assert_usage_error '--null-output is for --format=text only'
  done
  pf -Z --total "${terms[@]}" a
  assert_usage_error '--null-output makes no sense with --total'
  for action in --replace --annotate; do
    pf -Z $action "${terms[@]}" a
    assert_usage_error 'files are printed, no records'
  done
  pf -Zq "${terms[@]}" a
  assert_usage_error 'nothing is written'
}
