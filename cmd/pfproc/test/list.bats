# -l and -L.

load helper

setup() {
  common_setup
  lines_of a hello
  lines_of b nothing
  lines_of c 'x' 'hello hello'
  : >empty
}

@test "-l: the names of files with a match, once each, in order" {
  ways -l -e hello c b empty a
  assert_success
  assert_output $'c\na'
  ways --files-with-matches -e hello b
  assert_success
  assert_output ''
}

@test "-L: the names of files without a match" {
  ways -L -e hello c b empty a
  assert_success
  assert_output $'b\nempty'
  ways --files-without-match -e hello a
  assert_success
  assert_output ''
}

@test "-l and -L: names as other programs read them; tsv escapes" {
  lines_of $'t\t\xe9' hello
  ways -l -e hello $'t\t\xe9'
  assert_output $'t\t\xe9'
  ways -l --format=tsv -e hello $'t\t\xe9'
  assert_output $'t\\t\xe9'
}

@test "-l and -L: files that fail, and binaries, are in neither" {
  printf 'x\0hello' >binary
  ways -l -e hello missing binary a
  assert_failure 66
  assert_output a
  ways -L -e hello missing binary b
  assert_failure 66
  assert_output b
}

@test "-l and -L: each file is in exactly one" {
  local i
  for i in {1..40}; do
    if [ $((i % 3)) = 0 ]; then lines_of f$i hello; else lines_of f$i x; fi
  done
  ways -l -e hello f{1..40}
  assert_equal "$output" "$(seq -f f%g 3 3 40)"
  cp "$out" "$kept/with"
  ways -L -e hello f{1..40}
  assert_equal "$(sort "$kept/with" "$out")" "$(seq -f f%g 40 | sort)"
}

@test "-l: a document on a pipe is left at its first match" {
  # Nobody closes the FIFO before pfproc is done.
  mkfifo fifo
  first() {
    exec 9<>fifo
    echo hello >&9
    runs "$PFPROC" -l -e hello fifo "${way[@]}"
    exec 9>&-
    assert_success
    assert_output fifo
  }
  each_way first
}

@test "-l, -L: a binary under --binary=error and --binary=text" {
  printf 'x\0hello' >binary
  lines_of miss x
  ways -L --binary=error -e hello binary miss
  assert_failure 65
  assert_output miss
  ways -L --binary=text -e hello binary miss
  assert_success
  assert_output miss
  ways -l --binary=text -e hello binary miss
  assert_success
  assert_output binary
}
