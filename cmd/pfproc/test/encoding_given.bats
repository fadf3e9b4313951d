# -E, --encoding: files in any encoding that iconv knows.

load helper

setup() {
  common_setup
}

@test "-E: files are decoded, and places are those of the decoded text" {
  printf 'gr\374n hello\nhello\n' >latin
  ways -E latin1 -e grün -e hello --format=tsv latin
  assert_success
  assert_output $'latin\t1\t1\t0\t5\tgr\xc3\xbcn\tgr\xc3\xbcn\t\t\t-e
latin\t1\t7\t6\t5\thello\thello\t\t\t-e
latin\t2\t1\t12\t5\thello\thello\t\t\t-e'
  assert_messages
  ways --encoding=ISO-8859-1 -e grün -c latin
  assert_output latin:1
  ways -e grün latin
  assert_output ''
}

@test "-E: multi-byte characters, shift states, UTF-16 and UTF-32 without a mark" {
  local name
  printf 'hello 日本語 テスト\nテスト\n' >text
  for name in SHIFT_JIS EUC-JP ISO-2022-JP UTF-16LE UTF-16BE UTF-32LE GB18030; do
    iconv -f UTF-8 -t $name text >file
    ways -E $name -e 日本語 -e テスト file
    assert_success
    assert_output $'file:1:7: 日本語\nfile:1:17: テスト\nfile:2:1: テスト'
  done
}

@test "-E: a mark of the decoded text is dropped, and does not choose another" {
  { printf '\377\376'; printf 'hello' | iconv -f UTF-8 -t UTF-16LE; } >le
  printf '\357\273\277hello' >utf8
  ways -E UTF-16LE -e hello le
  assert_output 'le:1:1: hello'
  ways -E UTF-8 -e hello utf8
  assert_output 'utf8:1:1: hello'
  ways -E UTF-16BE -e hello le
  assert_success
  assert_output ''
}

@test "-E: an unknown name is a usage error, and so are others than names" {
  lines_of file hello
  local name
  for name in nonsense '' UTF-8//IGNORE; do
    pf -E "$name" -e hello file
    assert_usage_error "unknown encoding: '$name'"
  done
}

@test "-E goes with no bytes that are taken as they are" {
  lines_of file hello
  pf -a -E latin1 -e hello file
  assert_usage_error '--text makes no sense with --encoding'
  pf --binary=text -E latin1 -e hello file
  assert_usage_error '--binary=text makes no sense with --encoding'
}

@test "-E: what cannot be decoded is an error of that file, behind its matches" {
  printf 'hello hello \377 hello' >bad
  printf 'hello' >good
  ways -E utf-8 -e hello bad good
  assert_failure 65
  assert_output $'bad:1:1: hello\nbad:1:7: hello\ngood:1:1: hello'
  assert_messages \
    'pfproc: bad: not in the encoding utf-8 at byte offset 12' \
    'pfproc: 1 of 2 files failed; first: bad: not in the encoding utf-8 at byte offset 12'
  ways -E utf-8 --fail-fast -e hello bad good
  assert_failure 65
  assert_output $'bad:1:1: hello\nbad:1:7: hello'
  ways -E utf-8 -c -e hello bad good
  assert_failure 65
  assert_output $'bad:2\ngood:1'
  ways -E utf-8 -L -e nothing bad good
  assert_failure 65
  assert_output good
}

@test "-E: bad bytes far behind, and an end within a character" {
  { yes 'hello there' | head -n 30000 || true; printf '\377'; } >far
  ways -E UTF-8 --total -e hello far
  assert_failure 65
  assert_output $'hello\t30000\t1'
  assert_message 'pfproc: far: not in the encoding UTF-8 at byte offset 360000'
  printf 'hello \303' >end
  ways -E UTF-8 -e hello end
  assert_failure 65
  assert_output 'end:1:1: hello'
  assert_message 'pfproc: end: not in the encoding UTF-8 at byte offset 6'
  printf 'a\0\0' >odd
  ways -E UTF-16LE -e a odd
  assert_failure 65
  assert_message 'pfproc: odd: not in the encoding UTF-16LE at byte offset 2'
}

@test "-E: binary files are told by the decoded text" {
  printf 'hello hello' | iconv -f UTF-8 -t UTF-16LE >text
  printf 'hello \000hello' | iconv -f UTF-8 -t UTF-16LE >binary
  ways -E UTF-16LE -c -e hello text binary
  assert_success
  assert_output text:2
  assert_messages 'pfproc: 1 binary file skipped; first: binary'
  ways -E UTF-16LE --binary=error -c -e hello text binary
  assert_failure 65
}

@test "-E: lists and glossaries are not decoded" {
  printf 'gr\374n' >latin
  lines_of 'grün.txt' grün
  lines_of list latin
  ways -E latin1 -g 'grün.txt' -T list
  assert_output 'latin:1:1: grün'
}

@test "-E: large files, in every way" {
  awk 'BEGIN { for (i = 0; i < 400000; i++) print "hello dear r\303\251ader, n\303\272mero", i }' >text
  iconv -f UTF-8 -t UTF-16BE text >large
  ways -E UTF-16BE -e réader -e número --total large
  assert_output $'número\t400000\t1\nréader\t400000\t1'
  "$PFPROC" -e hello text | sed 's/^text/large/' >"$kept/wanted"
  ways -E UTF-16BE -e hello large
  same_file "$kept/wanted" "$out" 'matches'
}

@test "-E: a pipe, byte by byte" {
  printf 'x 日本\nhello' | iconv -f UTF-8 -t ISO-2022-JP >"$kept/text"
  slowly() {
    runs bash -c 'perl -e "\$| = 1; print, select (undef, undef, undef, 0.002)
      while read (STDIN, \$_, 1)" <"$0" | "$PFPROC" -E ISO-2022-JP -e hello \
      -e 日本 - "$@"' "$kept/text" "${way[@]}"
    assert_output $'(standard input):1:3: 日本\n(standard input):2:1: hello'
  }
  each_way slowly
}

@test "-E goes with --normalize" {
  printf 'don\222t' >file
  ways -E CP1252 --normalize -e "don't" file
  assert_output $'file:1:1: don\xe2\x80\x99t'
}
