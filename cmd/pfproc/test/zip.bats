# -z, --search-zip: compressed files, and members of archives.

load helper

setup() {
  common_setup
  printf 'one\nhello world\n' >plain
  mkdir d
  lines_of d/a 'hello d'
  lines_of d/b nothing
  ln -s a d/link
}

# pack FORMAT FILE: FILE, and the same packed.
pack() {
  case $1 in
    gz) gzip -c "$2" ;;
    bz2) bzip2 -c "$2" ;;
    xz) xz -c "$2" ;;
    zst) zstd -qc "$2" ;;
    lz4) lz4 -qc "$2" ;;
  esac >"$2.$1"
}

@test "-z: compressed files keep their name, and are known by content" {
  local format
  for format in gz bz2 xz zst lz4; do
    pack $format plain
  done
  cp plain.gz unnamed
  ways -z -e hello plain plain.gz plain.bz2 plain.xz plain.zst plain.lz4 unnamed
  assert_success
  assert_messages
  assert_output 'plain:2:1: hello
plain.gz:2:1: hello
plain.bz2:2:1: hello
plain.xz:2:1: hello
plain.zst:2:1: hello
plain.lz4:2:1: hello
unnamed:2:1: hello'
}

@test "without -z packed files are what they are" {
  pack gz plain
  ways -e hello plain.gz
  assert_success
  assert_output ''
}

@test "-z: members of archives are documents" {
  mkdir e
  ln d/a e/hard
  tar cf a.tar d/a d/b d/link e plain
  tar czf a.tar.gz d/a d/b d/link plain
  tar --format=pax --zstd -cf a.tzst d/a plain
  zip -qy a.zip d/a d/b d/link plain
  ways -z -e hello a.tar a.tar.gz a.tzst a.zip
  assert_success
  assert_messages
  assert_output 'a.tar!d/a:1:1: hello
a.tar!plain:2:1: hello
a.tar.gz!d/a:1:1: hello
a.tar.gz!plain:2:1: hello
a.tzst!d/a:1:1: hello
a.tzst!plain:2:1: hello
a.zip!d/a:1:1: hello
a.zip!plain:2:1: hello'
}

@test "-z: standard input is unpacked, too" {
  tar czf a.tar.gz d/a plain
  zip -q a.zip d/a plain
  input=a.tar.gz ways -z -e hello -c -
  assert_success
  assert_output $'(standard input)!d/a:1\n(standard input)!plain:1'
  input=a.zip ways -z -e hello -c -
  assert_success
  assert_output $'(standard input)!d/a:1\n(standard input)!plain:1'
}

# Both ends of a pipe, so that the writer does not end it.
@test "-z: a plain stream is shown as it comes" {
  mkfifo pipe
  exec 7<>pipe
  "$PFPROC" -z -e hello --mode=fork-join pipe >"$out" 3>&- 7>&- &
  local pid=$!
  printf 'hello\n' >&7
  soon holds "$out" 'pipe:1:1: hello'
  kill $pid
  exec 7>&-
  wait $pid || true
}

@test "-z: what gzip has on a pipe is shown as it comes" {
  printf 'one\nhello world\n' | gzip >line.gz
  mkfifo one two
  as_it_comes() {
    local pid
    exec 7<>one 8<>two
    "$PFPROC" -z -e hello "${way[@]}" one two >"$out" 3>&- 7>&- 8>&- &
    pid=$!
    cat line.gz >&7
    soon holds "$out" 'one:2:1: hello'
    cat line.gz >&8
    cat line.gz >&7
    soon holds "$out" $'one:2:1: hello\none:4:1: hello'
    exec 7>&-
    soon holds "$out" \
      $'one:2:1: hello\none:4:1: hello\ntwo:2:1: hello'
    exec 8>&-
    wait $pid
  }
  each_way as_it_comes
}

@test "-z: each member is counted and listed as a file" {
  tar cf a.tar d/a d/b plain
  ways -z -e hello -l a.tar
  assert_output $'a.tar!d/a\na.tar!plain'
  ways -z -e hello -L a.tar
  assert_output a.tar!d/b
  ways -z -e hello --total a.tar plain
  assert_output $'hello\t3\t3'
  ways -z -e hello --count-terms a.tar
  assert_output $'a.tar!d/a\thello\t1\na.tar!plain\thello\t1'
  pf -z -e hello --format=jsonl a.tar
  run jq -c 'select(.type == "summary") | [.files, .files_matched // .matched]' "$out"
  assert_output '[3,2]'
}

@test "-z: a damaged file gives what is before the damage, then its error" {
  seq -f 'hello %.0f' 100000 >big
  pack gz big
  head -c 150000 big.gz >cut.gz
  ways -z -e hello -c cut.gz plain
  assert_failure 65
  assert_line plain:1
  assert_line --regexp '^cut\.gz:[1-9][0-9]{4}$'
  assert_message 'pfproc: cut.gz: damaged gzip data: truncated gzip input'
  tar cf big.tar plain big
  head -c 500000 big.tar >cut.tar
  ways -z -e hello -c cut.tar plain
  assert_failure 65
  assert_line cut.tar!plain:1
  assert_line --regexp '^cut\.tar!big:[1-9][0-9]{4}$'
  assert_line plain:1
  assert_message 'pfproc: cut.tar!big: damaged tar archive: Truncated tar archive'
}

@test "-z: damage within a member is told once" {
  seq -f 'hello %.0f' 100000 >big
  tar czf big.tgz plain big
  head -c 150000 big.tgz >cut.tgz
  ways -z -e hello -c cut.tgz
  assert_failure 65
  assert_line cut.tgz!plain:1
  assert_line --regexp '^cut\.tgz!big:[1-9][0-9]{4}$'
  assert_messages 'pfproc: cut.tgz!big: damaged gzip data: truncated gzip input' \
    'pfproc: 1 of 2 files failed; first: cut.tgz!big: damaged gzip data: truncated gzip input'
}

# All of it fits into the first window.
@test "-z: damage near the beginning hides nothing before it" {
  seq -f 'hello %.0f' 8000 >small
  gzip -c small >cut.gz
  truncate -s -9 cut.gz
  ways -z -e hello -c cut.gz
  assert_failure 65
  assert_output cut.gz:8000
}

@test "-z: what gzip's checksum shows is damage, too" {
  gzip -c plain >sum.gz
  printf '\0\0\0\0' | dd of=sum.gz bs=1 seek=$(($(stat -c %s sum.gz) - 8)) \
    conv=notrunc status=none
  ways -z -e hello sum.gz plain
  assert_failure 65
  assert_output 'sum.gz:2:1: hello
plain:2:1: hello'
  assert_messages 'pfproc: sum.gz: damaged gzip data: incorrect data check' \
    'pfproc: 1 of 2 files failed; first: sum.gz: damaged gzip data: incorrect data check'
}

@test "-z: garbage behind a stream is damage, zeros are not" {
  local format
  tar cf a.tar plain
  for format in gz bz2 lz4; do
    pack $format plain
    pack $format a.tar
    { cat plain.$format; head -c 3000 /dev/zero; } >zeros.$format
    { cat plain.$format; seq 10; } >garbage.$format
    { cat a.tar.$format; seq 10; } >garbage.tar.$format
    ways -z -c -e hello zeros.$format
    assert_success
    assert_output zeros.$format:1
    ways -z --total -e hello garbage.$format garbage.tar.$format
    assert_failure 65
    assert_output $'hello\t2\t2'
  done
  assert_message 'pfproc: garbage.lz4: damaged lz4 data: garbage behind its end'
}

@test "-z: zip that is cut in its directory" {
  local n
  zip -q a.zip plain d/a
  for n in 1 22 40 100; do
    head -c -$n a.zip >cut.zip
    ways -z --total -e hello cut.zip
    assert_failure 65
    assert_output $'hello\t2\t2'
    assert_message 'pfproc: cut.zip: damaged zip archive: its end is missing'
  done
}

# Of bzip2, a damaged block comes out before its checksum is known.
@test "-z: what is binary for its damage is damaged" {
  { printf 'a\0'; cat plain; } >binary
  gzip -c binary >sum.gz
  printf '\0\0\0\0' | dd of=sum.gz bs=1 seek=$(($(stat -c %s sum.gz) - 8)) \
    conv=notrunc status=none
  ways -z -e hello sum.gz plain
  assert_failure 65
  assert_output plain:2:1:' hello'
  assert_messages 'pfproc: sum.gz: damaged gzip data: incorrect data check' \
    'pfproc: 1 of 2 files failed; first: sum.gz: damaged gzip data: incorrect data check'
  ways -z -a -e hello -c sum.gz
  assert_failure 65
  assert_output sum.gz:1
  seq 200000 | sed 's/$/ teh quick/' | bzip2 >flip.bz2
  python3 -c 'data = bytearray(open("flip.bz2", "rb").read())
data[26697] ^= 1
open("flip.bz2", "wb").write(data)'
  ways -z -e teh --total flip.bz2
  assert_failure 65
  refute_message_part binary
}

@test "-z: a large binary is no bomb, and not read to its end" {
  { printf 'a\0'; head -c 100000000 /dev/zero; } | gzip >zeros.gz
  head -c -8 zeros.gz >cut.gz
  ways -z -e hello zeros.gz cut.gz
  assert_success
  assert_messages 'pfproc: 2 binary files skipped; first: zeros.gz'
}

# The stream's trailer stands behind the end of the archive.
@test "-z: damage that only a packed archive's end shows" {
  local format at
  seq -f 'hello %.0f' 30000 >big
  tar cf big.tar big plain
  for format in gz lz4; do
    pack $format big.tar
    at=$(($(stat -c %s big.tar.$format) - 3))
    python3 -c 'import sys
bytes = bytearray(open(sys.argv[1], "rb").read())
bytes[int(sys.argv[2])] ^= 2
open(sys.argv[1], "wb").write(bytes)' big.tar.$format $at
    ways -z -e hello --total big.tar.$format plain
    assert_failure 65
    assert_output $'hello\t30002\t3'
    [[ $stderr == "pfproc: big.tar.$format: damaged "*' data: '* ]]
    ways -z -q -e hello big.tar.$format
    assert_success
    assert_messages
  done
  pack gz big.tar
  for at in 1 8 9 20; do
    head -c -$at big.tar.gz >cut.gz
    ways -z -e hello --total cut.gz
    assert_failure 65
    assert_message 'pfproc: cut.gz: damaged gzip data: truncated gzip input'
  done
}

# The first of tar's two blocks of zeros is there.
@test "-z: a packed archive that ends within its end" {
  tar -b1 -cf a.tar plain
  python3 -c 'import gzip
tar = open("a.tar", "rb").read()
open("cut.gz", "wb").write(gzip.compress(tar, 0)[:-300])'
  ways -z -e hello cut.gz
  assert_failure 65
  assert_output 'cut.gz!plain:2:1: hello'
  assert_message 'pfproc: cut.gz: damaged gzip data: truncated gzip input'
}

@test "-z: an encrypted member is an error of that member" {
  zip -q a.zip plain
  zip -q -P secret a.zip d/a
  zip -q a.zip d/b
  ways -z -e hello -e nothing a.zip
  assert_failure 65
  assert_output 'a.zip!plain:2:1: hello
a.zip!d/b:1:1: nothing'
  assert_messages 'pfproc: a.zip!d/a: encrypted' \
    'pfproc: 1 of 3 files failed; first: a.zip!d/a: encrypted'
}

@test "-z: one level of archives" {
  tar cf inner.tar plain
  pack gz plain
  tar cf outer.tar inner.tar plain.gz plain
  ways -z -e hello -l outer.tar
  assert_success
  assert_output 'outer.tar!plain'
}

@test "-z: what comes to too much is an error" {
  { cat plain; head -c 90000000 /dev/zero | tr '\0' 'x'; } | gzip >bomb.gz
  ways -z -e hello -c bomb.gz plain
  assert_failure 65
  assert_output $'bomb.gz:1\nplain:1'
  assert_message "pfproc: bomb.gz: gzip data comes to more than 250 times its\
 size; to use it all the same, unpack it first"
  truncate -s 200M sparse
  tar cSf sparse.tar sparse plain
  ways -z -a -e hello -c sparse.tar plain
  assert_failure 65
  assert_output plain:1
}

@test "-z: binaries, marks and encodings are those of the unpacked text" {
  printf '\0a hello' >binary
  printf 'a\0hello' >binary
  { printf '\377\376'; printf 'hello' | iconv -f UTF-8 -t UTF-16LE; } >wide
  printf 'gr\374n hello' >latin
  tar cf a.tar binary wide plain
  pack xz latin
  ways -z -e hello a.tar
  assert_success
  assert_output $'a.tar!wide:1:1: hello\na.tar!plain:2:1: hello'
  assert_message 'pfproc: 1 binary file skipped; first: a.tar!binary'
  ways -z -E latin1 -e grün latin.xz
  assert_output 'latin.xz:1:1: grün'
}

@test "-z: the first answer ends the archive" {
  tar cf a.tar d/b d/a plain
  ways -z -q -e hello a.tar missing
  assert_success
  assert_messages
  zip -q -P secret a.zip d/a
  zip -q a.zip plain
  ways -z --fail-fast -e hello a.zip plain
  assert_failure 65
  assert_output ''
  ways -z -m1 -c -e hello a.tar
  assert_output $'a.tar!d/a:1\na.tar!plain:1'
}

@test "-z: many members, in order" {
  local i
  mkdir many
  for ((i = 0; i < 300; i++)); do
    lines_of many/$i "hello $i"
  done
  tar cf many.tar many
  tar cJf many.tar.xz many
  tar tf many.tar | sed -n 's|^\(many/.*[0-9]\)$|many.tar!\1:1:1: hello|p' >wanted
  sed 's/tar!/tar.xz!/' wanted >>wanted.xz
  ways -z -e hello many.tar many.tar.xz
  assert_success
  cat wanted wanted.xz >all
  same_file all "$out" 'members'
}

@test "-z: names that are no ASCII" {
  lines_of é hello
  tar --format=pax -cf a.tar é
  tar --format=ustar -cf b.tar é
  zip -q a.zip é
  ways -z -e hello a.tar b.tar a.zip
  assert_success
  assert_output $'a.tar!é:1:1: hello\nb.tar!é:1:1: hello\na.zip!é:1:1: hello'
}

# Python sets zip's flag for UTF-8.
@test "-z: tar with a label, of the oldest kind, with a line break in a name" {
  lines_of $'a\nb' hello
  tar --format=gnu -V label -cf label.tar plain
  tar --format=v7 -cf v7.tar plain
  tar -cf break.tar $'a\nb'
  gzip -c label.tar >label.tgz
  ways -z -e hello label.tar v7.tar break.tar label.tgz
  assert_success
  assert_messages
  assert_output $'label.tar!plain:2:1: hello
v7.tar!plain:2:1: hello
break.tar!a\\nb:1:1: hello
label.tgz!plain:2:1: hello'
  input=break.tar ways -z -e hello -c -
  assert_output $'(standard input)!a\\nb:1'
}

@test "-z: names that are told to be UTF-8, and names that are not" {
  local locale
  python3 -c 'import zipfile
with zipfile.ZipFile("flag.zip", "w") as z:
    z.writestr("über.txt", "hello\n")
    z.writestr("日本/😀", "hello\n")
with zipfile.ZipFile("raw.zip", "w") as z:
    z.writestr("Xber.txt", "hello\n")
data = open("raw.zip", "rb").read().replace(b"Xber", b"\xfcber")
open("raw.zip", "wb").write(data)'
  printf 'hello\n' >$'\374ber.txt'
  tar --format=pax -cf pax.tar $'\374ber.txt'
  for locale in C C.UTF-8; do
    LC_ALL=$locale ways -z -e hello flag.zip raw.zip pax.tar
    assert_success
    printf '%s:1:1: hello\n' flag.zip!über.txt flag.zip!日本/😀 \
      $'raw.zip!\374ber.txt' $'pax.tar!\374ber.txt' >wanted
    same_file wanted "$out" 'names'
  done
}

@test "-z: empty files, empty archives" {
  : >empty
  : >none
  gzip -c none >none.gz
  tar cf none.tar -T /dev/null
  ways -z -e hello empty none.gz none.tar
  assert_success
  assert_output ''
}

@test "-z: texts may be replaced, but not in their files" {
  pack gz plain
  tar cf a.tar d/a
  printf 'hello\tbye\n' >g.tsv
  ways -z -g g.tsv --replace plain.gz a.tar
  assert_success
  assert_output $'one\nbye world\nbye d'
  pf -z -g g.tsv --replace --in-place plain.gz
  assert_usage_error '--search-zip makes no sense with --in-place'
  pf -z -g g.tsv --replace --output-dir=o plain.gz
  assert_usage_error '--search-zip makes no sense with --output-dir'
  pf -z -g g.tsv --replace --diff plain.gz
  assert_usage_error '--search-zip makes no sense with --diff'
  pf -z -e hello --journal=j --output=o plain.gz
  assert_usage_error '--search-zip makes no sense with --journal'
}

@test "-z: few descriptors" {
  local i
  mkdir many
  for ((i = 0; i < 60; i++)); do
    gzip -c plain >many/$i.gz
    zip -q many/$i.zip plain
  done
  limited() {
    ulimit -n 20
    "$PFPROC" -z -r -c -e hello many "$@"
  }
  each_way_limited() {
    only_runs bash -c "$(declare -f limited); limited ${way[*]}"
    [ "$(wc -l <"$out")" = 120 ]
  }
  PFPROC=$PFPROC each_way each_way_limited
}
