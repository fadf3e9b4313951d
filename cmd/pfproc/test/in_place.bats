# --in-place: files are edited, whole or not at all.

load helper

setup() {
  common_setup
  printf 'teh->the\nrecieve->receive\nclas->class, claims,\n' >"$kept/d.codespell"
  edit=(--replace --in-place -g "$kept/d.codespell")
}

# state FILE...: what shows that a file was touched.
state() {
  stat -c '%n %i %Y %y %z %s %a' "$@"
}

@test "matches are replaced in the files, and nothing is printed" {
  edited() {
    rm -rf ./*
    printf 'I recieve\tteh  book\r\nteh\n\n end, teh' >a
    printf '\xEF\xBB\xBFteh' >bom
    printf 'nothing\n' >b
    runs "$PFPROC" "${edit[@]}" a bom b "${way[@]}"
    assert_success
    assert_output ''
    assert_messages
    printf 'I receive\tthe  book\r\nthe\n\n end, the' >wanted
    same_file wanted a a
    printf '\xEF\xBB\xBFthe' >wanted
    same_file wanted bom bom
    holds b nothing
    assert_no_temporary
  }
  each_way edited
}

@test "a file without a change is not touched" {
  lines_of a nothing
  : >empty
  lines_of b clas
  printf 'teh\0' >bin
  touch -d 2001-01-01 a b
  before=$(state a b empty bin)
  ways "${edit[@]}" --in-place=.bak a b empty bin
  assert_success
  assert_equal "$(state a b empty bin)" "$before"
  assert_messages 'pfproc: b:1:1: clas has several values: class, claims' \
    'pfproc: 1 binary file skipped; first: bin'
  assert_equal "$(echo *)" 'a b bin empty'
}

@test "a large file without a change costs no temporary file, nor a right to one" {
  mkdir f
  yes 'nothing here' | head -c 9000000 >f/large || true
  chmod 555 f
  before=$(state f/large)
  runs "${unprivileged[@]}" "$PFPROC" "${edit[@]}" --memory=1M f/large
  chmod 755 f
  assert_success
  assert_messages
  assert_equal "$(state f/large)" "$before"
}

@test "a large file that changes late, and often" {
  late() {
    yes 'nothing here' | head -c 5000000 >large || true
    echo >>large
    echo teh >>large
    seq -f 'teh %.0f recieve clas TEH' 20000 >>large
    sed 's/teh/the/g; s/recieve/receive/g; s/TEH/THE/g' large >"$kept/wanted"
    runs "$PFPROC" "${edit[@]}" --memory=1M large "${way[@]}"
    assert_success
    same_file "$kept/wanted" large large
    assert_equal "$(wc -l <"$err")" 20000
    assert_equal "$(sort -t: -k3n "$err" | md5sum)" "$(md5sum <"$err")"
  }
  each_way late
}

@test "permissions, attributes and ACLs are kept" {
  lines_of a teh
  setfattr -n user.note -v kept a || skip 'no extended attributes here'
  setfacl -m u:daemon:rw a || skip 'no ACLs here'
  chmod 4764 a
  acl=$(getfacl -c a)
  ways "${edit[@]}" a
  assert_success
  holds a the
  assert_equal "$(stat -c %a a)" 4764
  assert_equal "$(getfacl -c a)" "$acl"
  assert_equal "$(getfattr --only-values -n user.note a)" kept
}

@test "an ACL that the folder gives to new files is not taken" {
  mkdir f
  setfacl -d -m u:daemon:rwx f || skip 'no ACLs here'
  lines_of f/a teh
  setfacl -b f/a
  chmod 640 f/a
  pf "${edit[@]}" f/a
  holds f/a the
  assert_equal "$(stat -c %a f/a)" 640
  assert_equal "$(getfacl -c f/a | grep -c daemon)" 0
}

@test "the owner is kept where that may be" {
  [ "$(id -u)" = 0 ] || skip 'needs the superuser'
  lines_of a teh
  chown 12:34 a
  chmod 6755 a
  pf "${edit[@]}" a
  holds a the
  assert_equal "$(stat -c '%u %g %a' a)" '12 34 6755'
  lines_of b teh
  chown 12:34 b
  chmod 6755 b
  chmod 777 .
  # Without the right to give files away, none of its rights are given, either.
  runs setpriv --bounding-set=-chown,-fsetid --inh-caps=-chown,-fsetid \
    "$PFPROC" "${edit[@]}" b
  assert_success
  holds b the
  assert_equal "$(stat -c '%u %a' b)" '0 755'
}

@test "a read-only file in a folder that can be written" {
  lines_of a teh
  chmod 444 a
  runs "${unprivileged[@]}" "$PFPROC" "${edit[@]}" a
  assert_success
  holds a the
  assert_equal "$(stat -c %a a)" 444
}

@test "a suffix keeps the old file, in place of an older one" {
  kept_old() {
    rm -f ./*
    lines_of a 'old teh'
    lines_of a.bak older
    lines_of b 'no change'
    inode=$(stat -c %i a)
    runs "$PFPROC" "${edit[@]}" --in-place=.bak a b "${way[@]}"
    assert_success
    holds a 'old the'
    holds a.bak 'old teh'
    assert_equal "$(stat -c %i a.bak)" "$inode"
    assert_equal "$(echo *)" 'a a.bak b'
  }
  each_way kept_old
}

@test "no other file of the run is lost to a backup" {
  lines_of f teh
  lines_of f.lst f
  lines_of s teh
  pf "${edit[@]}" --in-place=.lst -T f.lst
  assert_failure 73
  assert_message 'pfproc: f: not edited: its backup would replace another file of this run'
  pf "${edit[@]}" --in-place=.st --stats=./s.st s
  assert_failure 73
  assert_message 'pfproc: s: not edited: its backup would replace another file of this run'
  holds f teh
  holds f.lst f
  holds s teh
}

@test "no input is lost to a backup" {
  both() {
    lines_of a 'a teh'
    lines_of a.bak 'b teh'
    lines_of z.bak 'c teh'
    lines_of z 'd teh'
    rm -f z.bak.bak a.bak.bak
    runs "$PFPROC" "${edit[@]}" --in-place=.bak a a.bak z.bak z "${way[@]}"
    assert_failure 73
    assert_messages \
      'pfproc: z: not edited: its backup would replace another input' \
      'pfproc: 1 of 3 files failed; first: z: not edited: its backup would replace another input'
    holds a 'a the'
    holds a.bak 'a teh'
    holds z.bak 'c the'
    holds z 'd teh'
  }
  each_way both
}

@test "a backup that cannot be made: the file stays" {
  lines_of a teh
  mkdir a.d
  ways "${edit[@]}" --in-place=.d a
  assert_failure 73
  assert_message 'pfproc: a: not edited: backup: a.d: Is a directory'
  holds a teh
  assert_no_temporary
  name=$(printf 'x%.0s' {1..250})
  lines_of $name teh
  ways "${edit[@]}" --in-place=.backup $name
  assert_failure 73
  holds $name teh
}

@test "symbolic links are followed to the file itself" {
  links() {
    rm -rf ./*
    mkdir d e
    lines_of d/a teh
    ln -s ../d/a e/link
    ln -s e/link link
    runs "$PFPROC" "${edit[@]}" --in-place=.bak link "${way[@]}"
    assert_success
    assert_link_exists link
    assert_link_exists e/link
    holds d/a the
    holds d/a.bak teh
    assert_equal "$(ls e)" link
  }
  each_way links
}

@test "a file is edited once, under whatever name it stands in the list" {
  once() {
    rm -rf ./*
    mkdir d
    lines_of a 'teh clas'
    lines_of g a
    ln -s a link
    ln -s . round
    # What would be edited twice would be in the backup.
    runs "$PFPROC" "${edit[@]}" --in-place=.bak a ./a link round/a -T g d/../a \
      "${way[@]}"
    assert_success
    holds a 'the clas'
    holds a.bak 'teh clas'
    assert_messages 'pfproc: a:1:5: clas has several values: class, claims'
  }
  each_way once
}

@test "a file that streams in again, after it was edited" {
  again() {
    lines_of a teh
    lines_of b teh
    mkfifo names
    "$PFPROC" "${edit[@]}" --in-place=.bak --stats=stats "$@" <names \
      2>"$err" 3>&- &
    exec 9>names
    echo a >&9
    soon holds a the
    # What a has become, its old self, and a new one.
    printf '%s\n' a ./a a.bak b a b >&9
    soon holds b the
    exec 9>&-
    wait $!
    holds a.bak teh
    holds b.bak teh
    assert_equal "$(cat "$err")" ''
    assert_equal "$(jq .files stats)" 2
    rm -f -- *
  }
  for jobs in 1 2 8; do again -j$jobs; done
}

@test "who walks meanwhile sees no temporary file" {
  mkdir f
  for i in {1..40}; do lines_of f/$i teh; done
  # Names as a file system without nameless files would have them.
  cat >list.py <<'END'
import os, sys
for i in range(1, 41):
    print("f/%d" % i)
    print("f/.%d.pfproc-%s-0" % (i, sys.argv[1]))
END
  mkfifo names
  "$PFPROC" "${edit[@]}" <names 2>"$err" 3>&- &
  python3 list.py $! >names
  wait $!
  assert_equal "$(cat "$err")" ''
  assert_equal "$(cat f/* | sort -u)" the
}

@test "a file with several names is left alone, unless that is forced" {
  hard() {
    rm -f ./*
    lines_of a teh
    ln a b
    lines_of c nothing
    ln c d
    runs "$PFPROC" "${edit[@]}" a c b d "${way[@]}"
    assert_failure 73
    assert_messages \
      'pfproc: a: not edited: the file has 2 names (hard links)' \
      'pfproc: b: not edited: the file has 2 names (hard links)' \
      'pfproc: 2 of 4 files failed; first: a: not edited: the file has 2 names (hard links)'
    holds a teh
    [ a -ef b ]
    before=$(state c d)
    runs "$PFPROC" "${edit[@]}" --force a ./a c b d "${way[@]}"
    assert_success
    holds a the
    holds b the
    [ ! a -ef b ]
    assert_equal "$(state c d)" "$before"
  }
  each_way hard
}

@test "an edit with a backup that was broken off can be done again" {
  lines_of a teh
  ln a a.bak
  ways "${edit[@]}" --in-place=.bak a
  assert_success
  holds a the
  holds a.bak teh
}

@test "a file that changed while it was read stays" {
  # The program stops before it takes the new file's place.
  for change in 'echo more >>a' 'touch -d 2001-01-01 a' 'chmod 600 a' \
    'mv a old; cp old a' 'rm a'; do
    rm -f ./*
    lines_of a teh
    sh -c "sleep 0.3; $change" &
    changed=$!
    runs env "ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0" \
      strace -f -o "$kept/trace" -e trace=fsync -e inject=fsync:delay_enter=900000 \
      "$PFPROC" "${edit[@]}" -j1 a
    wait $changed
    assert_failure
    [ "$change" = 'rm a' ] || {
      assert_failure 74
      assert_message 'pfproc: a: not edited: the file changed while it was read'
      assert_equal "$(head -n 1 a)" teh
    }
    assert_no_temporary
  done
}

@test "what cannot be edited: one line each" {
  cannot() {
    rm -f ./*
    printf '\xFF\xFEt\0e\0h\0' >utf16
    mkfifo fifo
    lines_of a teh
    runs "$PFPROC" "${edit[@]}" utf16 fifo /dev/null gone a "${way[@]}"
    assert_failure 65
    assert_messages \
      'pfproc: utf16: not edited: the file is no UTF-8 but UTF-16' \
      'pfproc: fifo: not a regular file, so it cannot be edited in place' \
      'pfproc: /dev/null: not a regular file, so it cannot be edited in place' \
      'pfproc: gone: No such file or directory' \
      'pfproc: 4 of 5 files failed; first: utf16: not edited: the file is no UTF-8 but UTF-16'
    holds a the
  }
  each_way cannot
}

@test "-a takes all bytes as they are" {
  printf '\xFF\xFEteh\0 teh\xFFteh' >raw
  ways "${edit[@]}" -a raw
  assert_success
  printf '\xFF\xFEthe\0 the\xFFthe' >wanted
  same_file wanted raw raw
}

@test "a folder that cannot be written" {
  mkdir f
  lines_of f/a teh
  lines_of b teh
  chmod 555 f
  same_in_every_way "${unprivileged[@]}" "$PFPROC" "${edit[@]}" f/a b
  chmod 755 f
  assert_failure 73
  assert_message 'pfproc: f/a: Permission denied'
  holds f/a teh
  holds b the
}

@test "a full disk: the file stays, and nothing is left" {
  cat >"$kept/full" <<'END'
set -e
mount -t tmpfs -o size=64k none "$1"
cd "$1"
yes 'teh book' | head -c 40000 >a
echo 'teh end' >b
status=0
"$2" --replace --in-place -e x -g "$3" a b || status=$?
md5sum <a
cat b
ls -A
exit $status
END
  mkdir disk
  apart=(unshare -m)
  [ "$(id -u)" = 0 ] || apart=(unshare -Urm)
  runs "${apart[@]}" bash "$kept/full" disk "$PFPROC" "$kept/d.codespell"
  assert_failure 74
  assert_messages 'pfproc: a: No space left on device' \
    'pfproc: 1 of 2 files failed; first: a: No space left on device'
  assert_equal "$output" "$(yes 'teh book' | head -c 40000 | md5sum)
the end
a
b"
}

@test "a disk that cannot be written, and one that fails" {
  cat >"$kept/readonly" <<'END'
set -e
mount -t tmpfs none "$1"
echo teh >"$1/a"
mount -o remount,ro "$1"
exec "$2" --replace --in-place -g "$3" "$1/a"
END
  mkdir disk
  apart=(unshare -m)
  [ "$(id -u)" = 0 ] || apart=(unshare -Urm)
  runs "${apart[@]}" bash "$kept/readonly" disk "$PFPROC" "$kept/d.codespell"
  assert_failure 73
  assert_message 'pfproc: disk/a: Read-only file system'
  lines_of a teh
  for call in fsync linkat renameat; do
    runs env ASAN_OPTIONS=detect_leaks=0 strace -f -o "$kept/trace" \
      -e trace=$call -e inject=$call:error=EIO:when=1 "$PFPROC" "${edit[@]}" a
    assert_failure 74
    assert_message 'pfproc: a: Input/output error'
    holds a teh
    assert_no_temporary
  done
}

@test "file systems without nameless files" {
  named() {
    lines_of a teh
    lines_of b clas
    # Without /proc, what has no name could get none.
    runs env ASAN_OPTIONS=detect_leaks=0 strace -f -o "$kept/trace" \
      -P /proc/self/fd -e trace=access,faccessat,faccessat2 \
      -e inject=access,faccessat,faccessat2:error=ENOENT \
      "$PFPROC" "${edit[@]}" a b "${way[@]}"
    assert_success
    grep -q INJECTED "$kept/trace"
    holds a the
    holds b clas
    assert_no_temporary
  }
  each_way named
}

@test "--fail-fast: nothing behind the first that fails is edited" {
  first() {
    for i in {1..60}; do lines_of f$i teh; done
    seq -f f%g 1 60 | sed '20s/.*/gone/' >list
    runs "$PFPROC" "${edit[@]}" --fail-fast -T list "${way[@]}"
    assert_failure 66
    assert_equal "$(cat $(seq -f f%g 1 19) | sort | uniq -c)" '     19 the'
    assert_equal "$(cat $(seq -f f%g 20 60) | sort | uniq -c)" '     41 teh'
  }
  each_way first
}

@test "--check, --expect, --stats" {
  lines_of a teh
  pf "${edit[@]}" --check --stats=s a
  assert_failure 1
  holds a the
  assert_equal "$(jq '[.files, .files_matched, .matches, .bytes]' -c s)" '[1,1,1,4]'
  pf "${edit[@]}" --expect a
  assert_failure 1
}

@test "glossaries are not edited, under whatever name" {
  protected() {
    printf 'teh\tthe\n' >g.tsv
    printf 'teh\n' >a
    ln -sf g.tsv link
    runs "$PFPROC" --replace --in-place -g g.tsv a link "${way[@]}"
    assert_failure 64
    assert_messages \
      'pfproc: link: a glossary, or the journal, is also an input, and would be edited'
    holds g.tsv $'teh\tthe'
  }
  each_way protected
  lines_of a teh
  pf --replace --in-place -g g.tsv a link
  # All was known, so nothing was done.
  holds a teh
  printf 'a\nlink\n' | runs "$PFPROC" --replace --in-place -g g.tsv
  holds g.tsv $'teh\tthe'
}

@test "what it makes no sense with" {
  lines_of a teh
  pf "${edit[@]}" --output=o a
  assert_usage_error 'the files themselves are written'
  pf "${edit[@]}" --output-dir=o a
  assert_usage_error 'files are edited, or written elsewhere'
  pf "${edit[@]}" --diff a
  assert_usage_error "what differs is printed"
  pf --annotate --in-place -e teh a
  assert_usage_error "--in-place makes no sense without --replace"
  pf --in-place -e teh a
  assert_usage_error '--in-place makes no sense without --replace'
  pf --force --replace -e teh a
  assert_usage_error '--force makes no sense without --in-place'
  pf --replace --in-place a
  assert_usage_error 'name a glossary'
  pf "${edit[@]}" -q a
  assert_usage_error 'nothing is written'
  pf "${edit[@]}" -E latin1 a
  assert_usage_error 'files are edited in the bytes that they have'
  pf "${edit[@]}" --in-place=x/y a
  assert_usage_error 'the suffix of backups has a slash: x/y'
  pf "${edit[@]}" --in-place= a
  assert_usage_error 'the suffix of backups is empty'
  pf "${edit[@]}" a - <a
  assert_usage_error 'standard input is no file'
  holds a teh
  PFPROC_GLOSSARY=$kept/d.codespell pf --replace --in-place a
  assert_success
  holds a the
}

@test "files in a walk" {
  walk() {
    rm -rf ./*
    mkdir -p d/e
    for i in {1..50}; do lines_of d/e/$i "teh $i"; done
    lines_of d/none nothing
    runs "$PFPROC" "${edit[@]}" -r d "${way[@]}"
    assert_success
    assert_messages
    assert_equal "$(cat d/e/* | cut -d' ' -f1 | sort | uniq -c)" '     50 the'
    assert_no_temporary
  }
  each_way walk
}

broken_off() {
  rm -rf w
  mkdir w
  lines_of w/f teh
  ln w/f w/f.bak
  runs "$PFPROC" --replace --in-place=.bak -g g.codespell -r w "${way[@]}"
  assert_success
  assert_messages
  holds w/f the
  holds w/f.bak teh
}

@test "an edit that was broken off behind its backup is made, and the backup stays" {
  printf 'teh->the\n' >g.codespell
  each_way broken_off
}

@test "killed at any instant, each file is whole, the old one or the new one" {
  local rounds=200
  [ -z "${PF_LONG-}" ] || rounds=3000
  mkdir any
  cd any
  run timeout 3000 python3 "$PF_SRCDIR/cmd/pfproc/test/kill.py" \
    $rounds "${PF_SEED-$RANDOM}" "$PFPROC"
  assert_success
  assert_output --partial "$rounds rounds"
}

@test "few descriptors are enough for many workers" {
  few() {
    rm -rf f out
    mkdir f
    for i in {1..200}; do lines_of f/$i teh; done
    runs prlimit --nofile=24 "$PFPROC" --replace --output-dir=out \
      -g "$kept/d.codespell" -r f "${way[@]}"
    assert_success
    runs prlimit --nofile=24 "$PFPROC" "${edit[@]}" -r f "${way[@]}"
    assert_success
    assert_equal "$(cat f/* out/f/* | sort | uniq -c)" '    400 the'
  }
  each_way few
}
