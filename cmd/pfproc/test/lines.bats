# --lines, -A, -B, -C, and what -H and -n do there.

load helper

setup() {
  common_setup
  lines_of a 'one cat' two three four 'five cat' six 'cat seven' eight
  lines_of b nine ten
  lines_of c 'eleven cat'
}

# like_grep FILE...: with the options in $with, lines are those of GNU grep.
like_grep() {
  grep -h -F -w -e cat -e dog "${with[@]}" "$@" >"$kept/grep" || true
  only_ways --lines --boundary=strict -e cat -e dog "${with[@]}" "$@"
  assert_success
  same_file "$kept/grep" "$out" "${with[*]}"
  grep -v -h -F -w -e cat -e dog "${with[@]}" "$@" >"$kept/grep" || true
  only_ways --lines=nomatch --boundary=strict -e cat -e dog "${with[@]}" "$@"
  assert_success
  same_file "$kept/grep" "$out" "nomatch ${with[*]}"
}

@test "--lines: the lines with a match, as they are" {
  ways --lines -e cat a b c
  assert_success
  assert_output $'one cat\nfive cat\ncat seven\neleven cat'
  ways --lines=match -e cat b
  assert_success
  assert_output ''
}

@test "--lines=nomatch: the lines without one" {
  ways --lines=nomatch -e cat a c b
  assert_success
  assert_output $'two\nthree\nfour\nsix\neight\nnine\nten'
}

@test "--lines: a line with several matches comes once" {
  lines_of d 'cat cat' 'cat dog'
  ways --lines -e cat -e dog d
  assert_output $'cat cat\ncat dog'
  ways --lines -e 'cat cat' -e cat --overlapping d
  assert_output $'cat cat\ncat dog'
}

@test "--lines: a match over two lines is in both" {
  lines_of d 'a big' 'cat here' 'big' 'dog'
  ways --lines -e 'big cat' d
  assert_output $'a big\ncat here'
  ways --lines=nomatch -e 'big cat' d
  assert_output $'big\ndog'
  ways --lines -n -e 'big cat' d
  assert_output $'1:a big\n2:cat here'
}

@test "--lines: all bytes of a line stay; a last line gets its line break" {
  printf 'x\tcat\r\n\xff\x1b[1m cat \0\nno\r\nlast cat' >d
  ways --lines -a -e cat d
  printf 'x\tcat\r\n\xff\x1b[1m cat \0\nlast cat\n' >"$kept/wanted"
  same_file "$kept/wanted" "$out" lines
  ways --lines=nomatch -a -e cat d
  printf 'no\r\n' >"$kept/wanted"
  same_file "$kept/wanted" "$out" lines
  printf 'cat\nlast' >d
  ways --lines=nomatch -e cat d
  printf 'last\n' >"$kept/wanted"
  same_file "$kept/wanted" "$out" lines
}

@test "--lines: a mark at the beginning is no text, UTF-16 is decoded" {
  printf '\xef\xbb\xbfcat\nx\n' >d
  printf '\xff\xfec\0a\0t\0\n\0x\0\n\0' >e
  ways --lines -e cat d e
  assert_output $'cat\ncat'
  ways --lines=nomatch -e cat d e
  assert_output $'x\nx'
}

@test "-H, -n: the file's name and the line's number, with --lines only" {
  ways --lines -n -e cat a c
  assert_output $'1:one cat\n5:five cat\n7:cat seven\n1:eleven cat'
  ways --lines -H -e cat c
  assert_output 'c:eleven cat'
  ways --lines --with-filename --line-number -e cat c
  assert_output 'c:1:eleven cat'
  ways -H -n -e cat c
  assert_output 'c:1:8: cat'
}

@test "-A, -B, -C: context, and -- between groups, also of several files" {
  ways --lines -n -A1 -e cat a b c
  assert_success
  assert_output $'1:one cat\n2-two\n--\n5:five cat\n6-six\n7:cat seven\n8-eight
--\n1:eleven cat'
  ways --lines -B 1 -e cat a
  assert_output $'one cat\n--\nfour\nfive cat\nsix\ncat seven'
  ways --lines -HnC1 -e cat a
  assert_output $'a:1:one cat\na-2-two\n--\na-4-four\na:5:five cat\na-6-six
a:7:cat seven\na-8-eight'
  ways --lines --after-context=0 -e cat a
  assert_output $'one cat\n--\nfive cat\n--\ncat seven'
}

@test "-A and -B come before -C" {
  ways --lines -A0 -C1 -e cat a
  assert_output $'one cat\n--\nfour\nfive cat\nsix\ncat seven'
  ways --lines --context=1 --before-context=0 -e cat a
  assert_output $'one cat\ntwo\n--\nfive cat\nsix\ncat seven\neight'
}

@test "lines and context are those of grep" {
  local i
  for i in 1 2 3; do
    shuf -r -n 3000 -e one two three four five --random-source=<(yes $i) |
      awk '{ print NR % 37 == 5 || NR % 91 < 3 ? $0 " cat" : $0 }
           NR % 500 == 9 { for (i = 0; i < 30000; i++) printf "long %d ", i
                           print "dog" }' >"f$i"
  done
  truncate -s -1 f2
  for with in '' -n '-A1' '-B2' '-C3' '-n -C100' '-m1' '-m7 -A2' '-B9 -m3 -n' \
    '-C99999' '-A0'; do
    read -ra with <<<"$with"
    like_grep f1 a f2 b f3
  done
}

@test "-m: so many lines of a file, and the context behind the last" {
  ways --lines -m2 -e cat a c
  assert_output $'one cat\nfive cat\neleven cat'
  ways --lines -m2 -A2 -e cat a
  assert_output $'one cat\ntwo\nthree\n--\nfive cat\nsix\ncat seven'
  ways --lines=nomatch -m1 -e cat a b
  assert_output $'two\nnine'
  ways --lines -m0 -e cat a b
  assert_success
  assert_output ''
}

@test "-m: a stream is not read on behind the last line" {
  mkfifo fifo
  (printf 'x\ncat\n' && exec sleep 100) >fifo &
  local writer=$!
  pf --lines -m1 -e cat fifo
  kill $writer
  assert_success
  assert_output cat
}

@test "a stream: a line is printed as soon as it is over" {
  mkfifo fifo
  "$PFPROC" --lines -n -e cat - <fifo >"$out" &
  exec 5>fifo
  printf 'x\na cat\n' >&5
  soon holds "$out" '2:a cat'
  printf 'y\ncat' >&5
  exec 5>&-
  wait $!
  holds "$out" $'2:a cat\n4:cat'
}

@test "a line that is far too long for memory is printed whole, or not" {
  { yes word | head -n 3000000 | tr '\n' ' ' && echo cat; } >long
  { yes word | head -n 3000000 | tr '\n' ' ' && echo; } >none
  # Two lines of 15 MB; the process may have far less than both.
  runs "$PFPROC" --lines -e cat -j1 --stats="$kept/stats" none long
  cmp long "$out"
  peak=$(grep -oE "\"peak_memory_bytes\": *[0-9]+" "$kept/stats" | grep -oE "[0-9]+$")
  [ -n "${PF_SANITIZER-}" ] || [ "$peak" -lt 16000000 ]
  only_ways --lines=nomatch -e cat none long
  cmp none "$out"
}

@test "a temporary file that cannot be made is the file's error" {
  { yes word | head -n 3000000 | tr '\n' ' ' && echo cat; } >long
  export TMPDIR=/nonexistent
  ways --lines -e cat c long a
  assert_failure 74
  assert_line --index 0 'eleven cat'
  assert_line --index 1 'one cat'
  assert_message "pfproc: long: temporary file: No such file or directory"
}

@test "binaries, missing files: as with other actions" {
  printf 'cat\0\n' >binary
  ways --lines -e cat binary c missing a
  assert_failure 66
  assert_output $'eleven cat\none cat\nfive cat\ncat seven'
  assert_message 'pfproc: missing: No such file or directory'
  ways --lines=nomatch -e cat binary c
  assert_success
  assert_output ''
}

@test "--check, --expect: about matches, also where lines without are shown" {
  ways --lines=nomatch --check -e cat a
  assert_failure 1
  ways --lines=nomatch --expect -e cat b
  assert_failure 1
  assert_output $'nine\nten'
  ways --lines --check -e cat b
  assert_success
}

@test "--fail-fast: groups up to the first error" {
  ways --lines -A0 --fail-fast -e cat c missing a
  assert_failure 66
  assert_output 'eleven cat'
}

@test "large files: not cut, and the same for every number of jobs" {
  awk 'BEGIN { for (i = 0; i < 300000; i++)
    print i, i % 1000 == 7 ? "a cat" : "nothing of interest" }' >large
  ways --lines -n -C2 -e cat large a large
  grep -nh -C2 cat large a large | cmp - "$out"
}

@test "--output" {
  pf --lines -C1 -e cat --output=o a c
  assert_success
  grep -h -C1 cat a c | cmp - o
}

@test "refused" {
  for option in -A1 -B1 -C1; do
    pf $option -e cat a
    assert_usage_error 'makes no sense without --lines'
    pf -c $option -e cat a
    assert_usage_error 'makes no sense without --lines'
  done
  pf --lines -A x -e cat a
  assert_usage_error "--after-context takes a number, not 'x'"
  pf --lines=some -e cat a
  assert_usage_error "--lines takes one of match, nomatch, not 'some'"
  pf --lines --count -e cat a
  assert_usage_error 'two actions'
  pf --lines --format=tsv -e cat a
  assert_usage_error '--format makes no sense with --lines'
}
