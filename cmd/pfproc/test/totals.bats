# --total with --zero, --top, --group-by.

load helper

setup() {
  common_setup
  mkdir -p x/y z
  printf 'alpha\t1\tgreek\nbeta\t2\tgreek\nalpha\t3\tfirst\nbeta one\t\tgreek\nnever\t\tno\n' >g.tsv
  lines_of h.txt alpha gamma delta
  lines_of x/a 'alpha beta alpha'
  lines_of x/y/b 'beta beta one gamma'
  lines_of z/c alpha
  lines_of d 'nothing'
  files=(x/a x/y/b z/c d)
  all=(-g g.tsv -g h.txt)
}

@test "--zero: terms that were never found come last" {
  ways --total --zero "${all[@]}" "${files[@]}"
  assert_output $'alpha\t3\t2\nbeta\t2\t2\nbeta one\t1\t1\ngamma\t1\t1\ndelta\t0\t0\nnever\t0\t0'
  ways --total --zero --format=jsonl -e none d
  assert_line --index 0 '{"type":"total","term":{"text":"none"},"count":0,"files":0}'
}

@test "--zero: shields are not among the terms that were never found" {
  printf 'one\tone\ntwo\tx\ntwo\ttwo\nthree\tx\n' >shields.tsv
  lines_of text 'one two'
  ways --total --zero -g shields.tsv text
  assert_output $'three\t0\t0'
}

@test "--top: the first rows" {
  ways --total --top=2 "${all[@]}" "${files[@]}"
  assert_output $'alpha\t3\t2\nbeta\t2\t2'
  ways --total --top=5 --zero "${all[@]}" "${files[@]}"
  assert_line --index 4 $'delta\t0\t0'
  assert_equal "${#lines[@]}" 5
  ways --total --top=99999999999 "${all[@]}" "${files[@]}"
  assert_equal "${#lines[@]}" 4
  ways --total --top=1 --group-by=label --format=tsv --header "${all[@]}" "${files[@]}"
  assert_output $'group\tcount\tfiles\ngreek\t6\t3'
}

@test "--group-by=label: a match counts once for each label it has" {
  ways --total --group-by=label "${all[@]}" "${files[@]}"
  # Without a label: of h.txt, whose alpha is that of g.tsv, too.
  assert_output $'greek\t6\t3\n\t4\t3\nfirst\t3\t2'
  ways --total --group-by=label --zero "${all[@]}" "${files[@]}"
  assert_line --index 3 $'no\t0\t0'
}

@test "--group-by=glossary" {
  ways --total --group-by=glossary "${all[@]}" "${files[@]}"
  assert_output $'g.tsv\t6\t3\nh.txt\t4\t3'
  ways --total --group-by=glossary --fail-fast "${all[@]}" x/a missing z/c
  assert_failure 66
  assert_output $'g.tsv\t3\t1\nh.txt\t2\t1'
}

@test "--group-by=DEPTH: folders, of so many components" {
  ways --total --group-by=1 "${all[@]}" "${files[@]}" ./x/a "$PWD/z/c"
  assert_output $'x\t9\t3\n/'"$(cut -d/ -f2 <<<"$PWD")"$'\t1\t1\nz\t1\t1'
  ways --total --group-by=2 "${all[@]}" "${files[@]}"
  assert_output $'x\t3\t1\nx/y\t3\t1\nz\t1\t1'
  ways --total --group-by=1 --fail-fast "${all[@]}" x/a missing z/c
  assert_failure 66
  assert_output $'x\t3\t1'
}

@test "--group-by=DEPTH: standard input and files here" {
  lines_of here alpha
  input=here ways --total --group-by=1 "${all[@]}" - here
  assert_output $'.\t2\t2'
}

@test "--group-by: in all formats" {
  ways --total --group-by=1 --format=tsv "${all[@]}" z/c
  assert_output $'z\t1\t1'
  ways --total --group-by=1 --format=jsonl "${all[@]}" z/c
  assert_line --index 0 '{"type":"total","group":{"text":"z"},"count":1,"files":1}'
  mkdir $'t\tb'
  lines_of $'t\tb/f' alpha
  ways --total --group-by=1 "${all[@]}" $'t\tb/f'
  assert_output $'t\\tb\t1\t1'
}

@test "--group-by: a large file that is cut" {
  yes 'alpha gamma' | head -n 400000 >x/large || true
  ways --total --group-by=label "${all[@]}" x/large d
  assert_output $'\t800000\t1\nfirst\t400000\t1\ngreek\t400000\t1'
  ways --total --group-by=1 "${all[@]}" x/large d
  assert_output $'x\t800000\t1'
}

@test "--group-by=DEPTH: more folders than --memory has room for" {
  local i
  for i in $(seq 30); do
    mkdir f$i
    echo alpha >f$i/f
  done
  ways --total --group-by=1 --memory=4K "${all[@]}" f*/f
  assert_failure 75
  assert_output ''
  assert_messages 'pfproc: more folders than --memory has room for: more than 10; give more, or --group-by a smaller number'
}

@test "--zero, --top, --group-by: refused without --total" {
  for action in '' --find -c --count-terms -l -L; do
    for option in --zero --top=3 --group-by=label; do
      # shellcheck disable=SC2086
      pf $option $action "${all[@]}" d
      assert_usage_error "${option%%=*} is for --total only"
    done
  done
  pf -q --zero "${all[@]}" d
  assert_usage_error 'nothing is written'
  pf --total --zero --group-by=1 "${all[@]}" d
  assert_usage_error '--zero makes no sense with --group-by=DEPTH'
}

@test "--top, --group-by: values" {
  for value in 0 -1 x 1K ''; do
    pf --total --top="$value" "${all[@]}" d
    assert_usage_error '--top takes a number from 1 on'
  done
  for value in 0 -1 labels '' 5000; do
    pf --total --group-by="$value" "${all[@]}" d
    assert_usage_error '--group-by takes label, glossary or a number from 1 to 4096'
  done
}
