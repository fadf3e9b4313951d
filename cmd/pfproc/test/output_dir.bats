# --output-dir: each file below a folder, under the name that it has.

load helper

setup() {
  common_setup
  printf 'teh->the\nrecieve->receive\nclas->class, claims,\n' >"$kept/d.codespell"
  to=(--replace -g "$kept/d.codespell" --output-dir)
}

tree() {
  mkdir -p in/a/deep/er in/b
  for i in {1..40}; do
    lines_of in/a/deep/$i "teh $i"
    lines_of in/b/$i "nothing $i"
  done
  printf 'recieve\r\nteh' >in/a/deep/er/x
  : >in/empty
  printf '\xEF\xBB\xBFteh' >in/bom
}

@test "files that change and files that do not" {
  tree
  cp -r in wanted
  find wanted -type f -exec sed -i 's/teh/the/; s/recieve/receive/' {} +
  mirrored() {
    rm -rf out
    runs "$PFPROC" "${to[@]}" out -r in "${way[@]}"
    assert_success
    assert_output ''
    assert_messages
    diff -r wanted out/in
    assert_no_temporary
    # Again, over what is there.
    runs "$PFPROC" "${to[@]}" out -r in "${way[@]}"
    assert_success
    diff -r wanted out/in
  }
  each_way mirrored
}

@test "the inputs stay as they are" {
  tree
  before=$(find in -type f -exec stat -c '%n %i %Y %z' {} + | sort)
  pf "${to[@]}" out -r in
  assert_equal "$(find in -type f -exec stat -c '%n %i %Y %z' {} + | sort)" \
    "$before"
}

@test "permissions are those of the source; folders are as others make them" {
  mkdir -m 700 s
  lines_of s/a teh
  lines_of s/b x
  chmod 664 s/a
  chmod 4750 s/b
  umask 027
  pf "${to[@]}" new/out s/a s/b
  assert_success
  assert_equal "$(stat -c %a new/out/s new/out/s/a new/out/s/b)" $'750\n664\n750'
}

@test "what is passed over or fails becomes no file" {
  failing() {
    rm -rf out
    printf 'teh\0' >bin
    lines_of a teh
    mkdir -p d
    runs "$PFPROC" "${to[@]}" out bin gone d a "${way[@]}"
    assert_failure 66
    assert_messages 'pfproc: gone: No such file or directory' \
      'pfproc: d: Is a directory' 'pfproc: 1 binary file skipped; first: bin' \
      'pfproc: 2 of 4 files failed; first: gone: No such file or directory'
    assert_equal "$(find out -type f)" out/a
  }
  each_way failing
}

@test "several values: a remark, and the file is there" {
  lines_of a 'clas teh'
  ways "${to[@]}" out a
  assert_success
  assert_messages 'pfproc: a:1:1: clas has several values: class, claims'
  holds out/a 'clas the'
}

@test "a large file, and UTF-16, which comes as UTF-8" {
  yes 'teh book' | head -c 3000000 >large || true
  printf '\xFF\xFEt\0e\0h\0' >utf16
  ways "${to[@]}" out --memory=1M large utf16
  assert_success
  sed 's/teh/the/' large >wanted
  same_file wanted out/large large
  assert_equal "$(cat out/utf16)" the
}

@test "nothing leaves the folder" {
  mkdir -p d/e other
  lines_of d/e/a teh
  lines_of b teh
  outside() {
    rm -rf out other/*
    mkdir out
    ln -s ../other out/link
    mkdir link
    lines_of link/a teh
    runs "$PFPROC" "${to[@]}" out "$PWD/b" d/../b d/e/../../b link/a \
      ./d//./e/a b "${way[@]}"
    assert_failure 73
    assert_messages \
      "pfproc: $PWD/b: has no place in the output folder: the name is absolute" \
      'pfproc: d/../b: has no place in the output folder: the name has ".."' \
      'pfproc: d/e/../../b: has no place in the output folder: the name has ".."' \
      'pfproc: link/a: output folder: link: no folder, or a symbolic link' \
      "pfproc: 4 of 6 files failed; first: $PWD/b: has no place in the output folder: the name is absolute"
    assert_equal "$(ls -A other)" ''
    assert_equal "$(find out -type f | sort)" $'out/b\nout/d/e/a'
    rm -r link
  }
  each_way outside
}

@test "a symbolic link where a file goes is replaced, not followed" {
  lines_of precious kept
  lines_of a teh
  mkdir out
  ln -s ../precious out/a
  ways "${to[@]}" out a
  assert_success
  holds precious kept
  holds out/a the
  assert_not_symlink_to precious out/a
}

@test "the folder itself may be a link, or absolute" {
  mkdir real
  ln -s real link
  lines_of a teh
  ways "${to[@]}" link a
  holds real/a the
  ways "${to[@]}" "$PWD/abs/olute" a
  holds abs/olute/a the
}

@test "two inputs, one output" {
  mkdir d
  lines_of d/a teh
  ways "${to[@]}" out d/a ./d/a d//a
  assert_failure 73
  assert_messages 'pfproc: ./d/a: its output is that of an earlier input' \
    'pfproc: d//a: its output is that of an earlier input' \
    'pfproc: 2 of 3 files failed; first: ./d/a: its output is that of an earlier input'
  holds out/d/a the
}

@test "a folder where a file goes, and a file where a folder goes" {
  mkdir -p d out/a
  lines_of a teh
  lines_of d/b teh
  lines_of c teh
  : >out/d
  ways "${to[@]}" out a d/b c
  assert_failure 73
  assert_message 'pfproc: a: Is a directory'
  assert_message 'pfproc: d/b: output folder: d: no folder, or a symbolic link'
  holds out/c the
  assert_no_temporary
}

@test "what is written is not read" {
  mkdir -p d/sub
  lines_of d/a teh
  for dir in d d/out d/sub/new/er . ./d/../d/out "$PWD/d/out"; do
    pf "${to[@]}" "$dir" -r d
    [ "$dir" = . ] || assert_usage_error 'output folder lies in an input folder, d'
  done
  assert_equal "$(find . -type f)" ./d/a
  pf "${to[@]}" out -r .
  assert_usage_error 'output folder lies in an input folder, .'
  assert_not_exists out
  # Names that stream in, from somebody who walks there, too.
  mkdir -p d/out
  lines_of d/out/old teh
  printf '%s\n' d/a d/out/old ./d/out/d/a d/outer >names
  lines_of d/outer teh
  input=names ways "${to[@]}" d/out
  assert_failure 73
  assert_messages 'pfproc: d/out/old: lies in the output folder' \
    'pfproc: ./d/out/d/a: lies in the output folder' \
    'pfproc: 2 of 4 files failed; first: d/out/old: lies in the output folder'
  holds d/out/d/a the
  holds d/out/d/outer the
}

@test "the current folder is no output folder for what is in it" {
  lines_of a teh
  ways "${to[@]}" . a
  assert_failure 73
  assert_message 'pfproc: a: lies in the output folder'
  holds a teh
}

@test "lists and statistics are not written over" {
  mkdir w
  lines_of f teh
  lines_of lst f lst
  cp lst w/lst
  pf "${to[@]}" w -T w/lst
  assert_failure 73
  assert_message 'pfproc: lst: its output is another file of this run'
  pf "${to[@]}" w --stats=w/f f
  assert_failure 73
  assert_message 'pfproc: f: its output is another file of this run'
  grep -q '"exit_status": 73' w/f
}

@test "a glossary is not replaced" {
  mkdir out
  printf 'teh\tthe\n' >out/g.tsv
  lines_of g.tsv teh
  ways --replace -g out/g.tsv --output-dir=out g.tsv
  assert_failure 73
  assert_message 'pfproc: g.tsv: its output is a glossary or the journal'
  holds out/g.tsv $'teh\tthe'
}

@test "a folder that cannot be made or written" {
  : >file
  lines_of a teh
  ways "${to[@]}" file a
  assert_failure 73
  assert_messages 'pfproc: file: Not a directory'
  pf "${to[@]}" '' a
  assert_failure 73
  mkdir closed
  chmod 555 closed
  same_in_every_way "${unprivileged[@]}" "$PFPROC" "${to[@]}" closed a
  chmod 755 closed
  assert_failure 73
  assert_message 'pfproc: a: Permission denied'
}

@test "a full disk: no half of a file" {
  cat >"$kept/full" <<'END'
set -e
mount -t tmpfs -o size=64k none "$1"
yes 'teh book' | head -c 100000 >a
echo 'teh end' >b
status=0
"$2" --replace --output-dir="$1" -g "$3" a b || status=$?
find "$1" -type f
exit $status
END
  mkdir disk
  apart=(unshare -m)
  [ "$(id -u)" = 0 ] || apart=(unshare -Urm)
  runs "${apart[@]}" bash "$kept/full" disk "$PFPROC" "$kept/d.codespell"
  assert_failure 74
  assert_messages 'pfproc: a: No space left on device' \
    'pfproc: 1 of 2 files failed; first: a: No space left on device'
  assert_output disk/b
}

@test "without files that have no name" {
  lines_of a teh
  named() {
    rm -rf out
    runs env ASAN_OPTIONS=detect_leaks=0 strace -f -o "$kept/trace" \
      -P /proc/self/fd -e trace=access,faccessat,faccessat2 \
      -e inject=access,faccessat,faccessat2:error=ENOENT \
      "$PFPROC" "${to[@]}" out a "${way[@]}"
    assert_success
    holds out/a the
    assert_no_temporary
  }
  each_way named
}

@test "--fail-fast: no file behind the first that fails" {
  first() {
    rm -rf out
    for i in {1..60}; do lines_of f$i teh; done
    seq -f f%g 1 60 | sed '20s/.*/gone/' >list
    runs "$PFPROC" "${to[@]}" out --fail-fast -T list "${way[@]}"
    assert_failure 66
    assert_equal "$(ls out | sort -V)" "$(seq -f f%g 1 19)"
  }
  each_way first
}

@test "what it makes no sense with" {
  lines_of a teh
  pf "${to[@]}" o --output=p a
  assert_usage_error 'each file is written to a file of its own'
  pf "${to[@]}" o --diff a
  assert_usage_error "what differs is printed"
  pf --output-dir=o -e teh a
  assert_usage_error '--output-dir makes no sense without --replace or --annotate'
  pf --replace --output-dir=o a
  assert_usage_error 'name a glossary'
  pf "${to[@]}" o a - <a
  assert_usage_error 'standard input is no file'
  pf "${to[@]}" o -q a
  assert_usage_error 'nothing is written'
  assert_not_exists o
  mkfifo fifo
  ways "${to[@]}" o fifo
  assert_failure 66
  assert_message 'pfproc: fifo: not a regular file, so it cannot be written to a folder'
}

@test "SIGINT and SIGTERM leave whole files and no others" {
  mkdir f
  for i in {1..300}; do yes "teh $i" | head -c 20000 >f/$i || true; done
  for signal in INT TERM; do
    rm -rf out
    "$PFPROC" "${to[@]}" out -r f -j2 3>&- &
    soon test -e out/f/1
    kill -s $signal $!
    wait $! || true
    for file in out/f/*; do
      cmp "$file" <(sed 's/teh/the/' "${file#out/}")
    done
    assert_no_temporary
  done
}

@test "--annotate: each file, as a page where that is asked for" {
  mkdir d
  lines_of d/a 'teh <b>'
  lines_of d/b nothing
  ways --annotate --template='[{text}]' -e teh --output-dir=out -r d
  assert_success
  assert_output ''
  holds out/d/a '[teh] <b>'
  holds out/d/b nothing
  ways --annotate --standalone -e teh --output-dir=out -r d
  assert_success
  for file in a b; do
    "$PFPROC" --annotate --standalone -e teh d/$file >one
    assert_equal "$(grep -c '<html' out/d/$file)" 1
    assert_equal "$(grep -c '</html>' out/d/$file)" 1
  done
  assert_equal "$(grep -c '<mark>teh</mark> &lt;b&gt;' out/d/a)" 1
}
