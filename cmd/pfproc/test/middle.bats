#!/usr/bin/env bats
# Files that fail after some of their text was read: what was found is kept.
load helper

setup() {
  common_setup
  lines_of a 'beta alpha beta' 'alpha beta'
  lines_of b 'gamma beta'
  lines_of none 'nothing'
  terms=(-e alpha -e beta -e gamma -e delta)
}

# broken TEXT ARGUMENT...: pfproc with a document on standard input that gives
# TEXT and then an I/O error: the far end of a terminal that was closed.
broken() {
  local text=$1
  shift
  same_in_every_way perl -e 'use POSIX; use Fcntl;
    my $text = shift;
    sysopen (M, "/dev/ptmx", O_RDWR | O_NOCTTY) or die "ptmx: $!";
    my $n = pack ("i", 0);
    ioctl (M, 0x40045431, $n) or die "unlock: $!";
    ioctl (M, 0x80045430, $n) or die "number: $!";
    sysopen (S, "/dev/pts/" . unpack ("i", $n), O_RDWR | O_NOCTTY)
      or die "slave: $!";
    syswrite (S, $text) == length $text or die "write: $!";
    close S;
    POSIX::dup2 (fileno (M), 0);
    exec @ARGV' "$text" "$PFPROC" "$@" -
}

eio='(standard input): Input/output error'

@test "count: a file that fails in the middle keeps what was found" {
  lines_of more hello
  broken $'say hello\nhello\n' -c -e hello more
  assert_failure 74
  assert_output $'more:1\n(standard input):2'
  assert_messages "pfproc: $eio" "pfproc: 1 of 2 files failed; first: $eio"
  broken $'say hello\nhello\n' --count-terms -e hello more
  assert_failure 74
  assert_output $'more\thello\t1\n(standard input)\thello\t2'
  broken $'say hello\nhello\n' --total -e hello more
  assert_failure 74
  assert_output $'hello\t3\t2'
}

@test "find: a file that fails in the middle keeps what was found" {
  broken $'say hello\nhello\n' -e hello
  assert_failure 74
  assert_output $'(standard input):1:5: hello\n(standard input):2:1: hello'
  assert_messages "pfproc: $eio" "pfproc: 1 of 1 files failed; first: $eio"
}

@test "-L: a file that fails before a match is in neither list" {
  broken $'nothing\n' -l -e hello
  assert_failure 74
  assert_output ''
  broken $'nothing\n' -L -e hello
  assert_failure 74
  assert_output ''
}

@test "-q: a failure after the match does not matter, one before it does" {
  broken $'hello\n' -q -e hello
  assert_success
  assert_messages
  broken $'hello\n' -q --check -e hello
  assert_failure 1
  broken $'nothing\n' -q -e hello
  assert_failure 74
  broken $'nothing\n' -q --check -e hello
  assert_failure 74
}
