# Byte order marks, UTF-16, and bytes that are no UTF-8.

load helper

setup() {
  common_setup
}

# utf16 ORDER TEXT: TEXT as UTF-16 of that byte order, with its mark.
utf16() {
  if [ "$1" = LE ]; then printf '\xff\xfe'; else printf '\xfe\xff'; fi
  printf "$2" | iconv -f UTF-8 -t UTF-16"$1"
}

@test "UTF-8 with a mark: it is no text, but offsets count it" {
  printf '\xef\xbb\xbfhello\nhello' >file
  ways -e hello --format=tsv file
  assert_success
  assert_output $'file\t1\t4\t3\t5\thello\thello\t\t\t-e
file\t2\t1\t9\t5\thello\thello\t\t\t-e'
}

@test "a mark elsewhere is a character like others" {
  printf 'hello\xef\xbb\xbf \xef\xbb\xbfhello' >file
  ways -e hello -c file
  assert_output file:2
}

@test "UTF-16 with a mark is decoded: offsets are those of the UTF-8" {
  for order in LE BE; do
    utf16 $order 'é hello\r\n日本 hello 😀 hello' >file
    ways -e hello --format=tsv file
    assert_success
    assert_output $'file\t1\t4\t3\t5\thello\thello\t\t\t-e
file\t2\t8\t17\t5\thello\thello\t\t\t-e
file\t2\t19\t28\t5\thello\thello\t\t\t-e'
    assert_messages
  done
}

@test "UTF-16: terms that are not ASCII, and folding" {
  for order in LE BE; do
    utf16 $order 'ÄRGER ärger 😀 日本' >file
    ways -i -e ärger -e 😀 -e 日本 file
    assert_output 'file:1:1: ÄRGER
file:1:8: ärger
file:1:15: 😀
file:1:20: 日本'
  done
}

@test "UTF-16: unpaired surrogates are characters of no word" {
  # High alone, low alone, high at the end.
  printf '\xff\xfea\0\x00\xd8b\0 \0\x00\xdcc\0\x00\xd8' >file
  ways -e a -e b -e c file
  assert_success
  assert_line --regexp '^file:1:1: a$'
  assert_equal "${#lines[@]}" 3
  printf '\xfe\xff\0a\xd8\x00\0b\0 \xdc\x00\0c\xd8\x00' >file
  ways -e a -e b -e c -c file
  assert_output file:3
}

@test "UTF-16: an odd byte at the end" {
  { utf16 LE 'hello'; printf x; } >file
  ways -e hello file
  assert_success
  assert_output 'file:1:1: hello'
}

@test "UTF-16 across the edges of buffers" {
  local shift
  for shift in 0 1 2 3; do
    {
      printf '%*s' $((65533 + shift)) ''
      printf '😀 hello'
      printf '%*s' 70000 ''
      printf 'hello'
    } >plain
    { printf '\xff\xfe'; iconv -f UTF-8 -t UTF-16LE plain; } >file
    ways -e hello -e 😀 file
    sed s/plain/file/ < <("$PFPROC" -e hello -e 😀 plain) >"$kept/wanted"
    same_file "$kept/wanted" "$out" 'matches'
    assert_equal "${#lines[@]}" 3
  done
}

@test "UTF-16 on a pipe, byte by byte" {
  utf16 BE 'x hello\nhello' >"$kept/text"
  slowly() {
    runs bash -c 'perl -e "\$| = 1; print, select (undef, undef, undef, 0.002)
      while read (STDIN, \$_, 1)" <"$0" | "$PFPROC" -e hello - "$@"' \
      "$kept/text" "${way[@]}"
    assert_output $'(standard input):1:3: hello\n(standard input):2:1: hello'
  }
  each_way slowly
}

@test "a mark on a pipe, byte by byte" {
  slowly() {
    runs bash -c '{ printf "\xef"; sleep 0.02; printf "\xbb"; sleep 0.02
      printf "\xbfhello"; } | "$PFPROC" -e hello - "$@"' - "${way[@]}"
    assert_output '(standard input):1:4: hello'
  }
  each_way slowly
}

@test "files of a mark alone, or less" {
  printf '\xef\xbb\xbf' >utf8
  printf '\xff\xfe' >le
  printf '\xfe\xff' >be
  printf '\xef\xbb' >part
  printf '\xff' >one
  ways -L -e hello utf8 le be part one
  assert_success
  assert_output $'utf8\nle\nbe\npart\none'
}

@test "invalid bytes: no error, and no word character" {
  printf '\xffhello\xfe \xc3hello \xe8\xaahello\xf0\x9f\x98 hel\xfflo\n' >file
  printf 'hello\xc0\x80 \xed\xa0\x80hello \xf4\x90\x80\x80hello' >>file
  ways -e hello file
  assert_success
  assert_output 'file:1:2: hello
file:1:10: hello
file:1:18: hello
file:2:1: hello
file:2:12: hello
file:2:22: hello'
  assert_messages
}

@test "Latin-1 does not match UTF-8" {
  printf 'caf\xe9 caf\xc3\xa9' >file
  ways -e café -e caf file
  assert_output $'file:1:1: caf\nfile:1:6: café'
}

@test "-a: bytes are taken raw" {
  utf16 LE 'hello' >file
  ways -a -e h file
  assert_success
  assert_output 'file:1:3: h'
  printf '\xef\xbb\xbfhello' >file
  ways --text -e hello file
  assert_output 'file:1:4: hello'
}
