# --output: all of it, or nothing.

load helper

setup() {
  common_setup
  lines_of text 'say hello'
  match='text:1:5: hello'
}

teardown() {
  exec 9>&-
}

@test "a new file, and nothing on standard output" {
  fresh() {
    rm -f new
    runs "$PFPROC" -e hello --output=new text "${way[@]}"
    assert_success
    assert_output ''
    assert_equal "$(cat new)" "$match"
    assert_no_temporary
  }
  each_way fresh
}

@test "a new file has the permissions that others have" {
  umask 027
  pf -e hello --output new text
  assert_equal "$(stat -c %a new)" 640
  umask 0
  pf -e hello --output new2 text
  assert_equal "$(stat -c %a new2)" 666
}

@test "an old file is replaced; its permissions stay" {
  replace() {
    lines_of old 'something longer than the new content' more more
    chmod 604 old
    runs "$PFPROC" -e hello --output=old text "${way[@]}"
    assert_success
    assert_equal "$(cat old)" "$match"
    assert_equal "$(stat -c %a old)" 604
  }
  each_way replace
}

@test "whoever reads the old file reads on in it" {
  lines_of old one two
  exec 9<old
  pf -e hello --output=old text
  assert_equal "$(cat <&9)" $'one\ntwo'
  exec 9<&-
}

@test "no matches: an empty file" {
  lines_of old something
  ways -e nothing --output=old text
  assert_success
  assert_exists old
  assert_equal "$(stat -c %s old)" 0
}

@test "a symbolic link stays one, and what it leads to is replaced" {
  mkdir dir
  lines_of dir/target old
  ln -s dir/target link
  ways -e hello --output=link text
  assert_success
  assert_link_exists link
  assert_equal "$(cat dir/target)" "$match"
  assert_no_temporary . dir
}

@test "a device and a FIFO are written to, not replaced" {
  ways -e hello --output=/dev/null text
  assert_success
  [ -c /dev/null ]
  mkfifo fifo
  cat fifo >seen 3>&- &
  pf -e hello --output=fifo text
  assert_success
  soon test -s seen
  [ -p fifo ]
  assert_equal "$(cat seen)" "$match"
  runs bash -c '"$PFPROC" -e hello --output=/dev/stdout text | cat'
  assert_output "$match"
}

@test "a file that fails does not keep the output from coming" {
  lines_of old something
  ways -e hello --output=old missing text
  assert_failure 66
  assert_equal "$(cat old)" "$match"
  assert_message 'pfproc: missing: No such file or directory'
  assert_no_temporary
}

@test "an answer of 1 does not, either" {
  ways -e hello --output=new --check text
  assert_failure 1
  assert_equal "$(cat new)" "$match"
}

@test "a usage error or a bad glossary leaves the old content" {
  lines_of old something
  printf 'x\ty\tz\tq\n' >bad.tsv
  ways -g bad.tsv --output=old text
  assert_failure 65
  pf -e hello --nonsense --output=old text
  assert_failure 64
  assert_equal "$(cat old)" something
  assert_no_temporary
}

@test "until the end, the old content is there" {
  mkfifo fifo
  meanwhile() {
    lines_of old something
    rm -f done
    (
      exec 3>&- 9>&-
      timeout 60 "$PFPROC" -e hello --output=old text fifo "${way[@]}"
      touch done
    ) &
    # Succeeds when the program has the FIFO open, so after --output.
    exec 9>fifo
    echo hello >&9
    refute [ -e done ]
    assert_equal "$(cat old)" something
    exec 9>&-
    soon test -e done
    wait
    assert_equal "$(cat old)" "$match"$'\nfifo:1:1: hello'
    assert_no_temporary
  }
  each_way meanwhile
}

@test "totals and names go there, too" {
  ways --total --output=new -e hello text
  assert_equal "$(cat new)" $'hello\t1\t1'
  ways -l --output=new -e hello text
  assert_equal "$(cat new)" text
  ways --format=tsv --output=new -e hello text
  assert_equal "$(cut -f1-5 new)" $'text\t1\t5\t4\t5'
}

@test "large output" {
  yes hello | head -n 50000 >large || true
  ways -e hello large
  cp "$out" "$kept/wanted"
  ways -e hello large --output=new
  same_file "$kept/wanted" new 'output'
}
