# Files with a NUL byte near their start.

load helper

setup() {
  common_setup
  lines_of text hello
  printf 'hello\0hello\n' >binary
  printf '\177ELF\2\1\1\0\0\0 hello\n' >program
}

@test "skipped by default, and said once at the end" {
  ways -e hello text binary program text
  assert_success
  assert_output $'text:1:1: hello\ntext:1:1: hello'
  assert_messages 'pfproc: 2 binary files skipped; first: binary'
  ways --binary=skip -e hello binary
  assert_success
  assert_output ''
  assert_messages 'pfproc: 1 binary file skipped; first: binary'
}

@test "the first one in input order is named" {
  head -c 3000000 /dev/zero | tr '\0' ' ' >large
  ways -e hello large program binary
  assert_messages 'pfproc: 2 binary files skipped; first: program'
}

@test "--binary=text and -a: searched" {
  ways --binary=text -e hello binary text
  assert_success
  assert_output $'binary:1:1: hello\nbinary:1:7: hello\ntext:1:1: hello'
  assert_messages
  ways -a -e hello binary
  assert_output $'binary:1:1: hello\nbinary:1:7: hello'
  pf --binary=error -a -e hello binary
  assert_usage_error '--text makes no sense with --binary'
}

@test "--binary=error: 65, and the others are processed" {
  ways --binary=error -e hello text binary text program
  assert_failure 65
  assert_output $'text:1:1: hello\ntext:1:1: hello'
  assert_messages 'pfproc: binary: binary file' 'pfproc: program: binary file' \
    'pfproc: 2 of 4 files failed; first: binary: binary file'
}

@test "only the first 8 KiB are looked at" {
  { head -c 8191 /dev/zero | tr '\0' ' '; printf '\0 hello'; } >inside
  { head -c 8192 /dev/zero | tr '\0' ' '; printf '\0 hello'; } >outside
  ways -c -e hello inside outside
  assert_success
  assert_output outside:1
  assert_messages 'pfproc: 1 binary file skipped; first: inside'
}

@test "a leading run of NULs does not count" {
  { head -c 100 /dev/zero; echo hello; } >leading
  { head -c 100 /dev/zero; printf 'hello\0'; } >both
  head -c 20000 /dev/zero >zeros
  ways -e hello leading both zeros
  assert_success
  assert_output 'leading:1:101: hello'
  assert_messages 'pfproc: 1 binary file skipped; first: both'
}

@test "UTF-16 is no binary" {
  printf '\xff\xfeh\0i\0' >file
  ways -e hi file
  assert_output 'file:1:1: hi'
  assert_messages
}

@test "no matches of a binary in any action" {
  for action in -c --count-terms --total -l -L; do
    ways $action -e hello binary
    assert_success
    assert_output ''
    assert_messages 'pfproc: 1 binary file skipped; first: binary'
  done
}

@test "--check and --expect: a binary has no matches" {
  ways --check -e hello binary
  assert_success
  ways --expect -e hello binary
  assert_failure 1
}

@test "a document on a pipe: skipped, too" {
  binary_pipe() {
    runs bash -c 'cat binary | "$PFPROC" -c -e nothing - text "$@"' - "${way[@]}"
    assert_success
    assert_messages 'pfproc: 1 binary file skipped; first: (standard input)'
  }
  each_way binary_pipe
}
