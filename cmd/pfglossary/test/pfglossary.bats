# pfglossary info, dump.

load ../../pfproc/test/helper

setup() {
  common_setup
  printf '# made up\nalpha\tv1\tl1\nalpha\tv2\n\nbeta\t\tl2\tcase=ignore\tboundary=host\n' \
    >g.tsv
}

@test "info: what is in it, in numbers" {
  pfg info g.tsv
  assert_success
  assert_messages
  assert_output 'g.tsv
  entries     3
  with value  2
  with label  2
  shields     0
  term bytes  14'
}

@test "dump: its entries as tsv" {
  pfg dump g.tsv
  assert_success
  printf 'alpha\tv1\tl1\nalpha\tv2\t\nbeta\t\tl2\tcase=ignore\tboundary=host\n' \
    >"$kept/wanted"
  same_file "$kept/wanted" "$out" dump
}

@test "dump: reads back as the same glossary, whatever is in it" {
  printf '\\#hash\t#v\t#l\na\\tb\\\\c\tx\\ny\\rz\\\\t\t\\\\\n' >odd.tsv
  printf 'é 日本\tK\t\tcase=exact\n-\t->\tq"q\tboundary=none\tcase=ignore\n' >>odd.tsv
  printf 'a  b\tno\\q escape\\\n\\\\#x\n' >>odd.tsv
  pfg dump odd.tsv
  assert_success
  assert_equal "$(wc -l <"$out")" 6
  cp "$out" once.tsv
  pfg dump once.tsv
  assert_success
  same_file once.tsv "$out" 'the second dump'
  pfg info once.tsv
  assert_line '  entries     6'
  # As glossaries, they are the same.
  printf '#hash a\tb\\c É 日本 - a b #x \\#x a\n' >text
  "$PFPROC" -g odd.tsv -i --format=tsv text | cut -f1-9 >"$kept/wanted"
  "$PFPROC" -g once.tsv -i --format=tsv text | cut -f1-9 >"$kept/seen"
  [ -s "$kept/wanted" ]
  same_file "$kept/wanted" "$kept/seen" 'matches'
}

@test "dump: rules given with the name become the entries' own" {
  pfg dump g.tsv,case=ignore,boundary=none,label=mine
  assert_success
  printf '%s\n' $'alpha\tv1\tl1\tcase=ignore\tboundary=none' \
    $'alpha\tv2\tmine\tcase=ignore\tboundary=none' \
    $'beta\t\tl2\tcase=ignore\tboundary=host' >"$kept/wanted"
  same_file "$kept/wanted" "$out" dump
}

@test "dump: of other formats" {
  printf 'alpha\n\\#x\n' >g.txt
  pfg dump g.txt
  assert_output $'alpha\t\t\n\\#x\t\t'
  printf 'teh->the\nbeat->beta, bead, see there\n' >g.codespell
  pfg dump g.codespell
  assert_success
  assert_equal "$(cut -f1-3 "$out")" \
    $'teh\tthe\t\nbeat\tbeta\tsee there\nbeat\tbead\tsee there'
}

@test "dump: a glossary whose format ignores case goes on ignoring it" {
  printf 'teh->the\n' >g.codespell
  pfg dump g.codespell
  cp "$out" back.tsv
  lines_of text 'Teh teh'
  "$PFPROC" -g g.codespell text >"$kept/wanted"
  "$PFPROC" -g back.tsv text >"$kept/seen"
  same_file "$kept/wanted" "$kept/seen" 'matches'
}

@test "the built-in glossary" {
  pfg info @misspellings
  assert_success
  [[ ${lines[1]} =~ ^\ +entries\ +([0-9]+)$ ]]
  [ "${BASH_REMATCH[1]}" -ge 2000 ]
  pfg check @misspellings
  assert_success
  pfg dump @misspellings
  assert_line --regexp $'^recieve\treceive\t'
}

@test "standard input" {
  runs "$PFGLOSSARY" dump -:tsv <g.tsv
  assert_success
  assert_equal "${#lines[@]}" 3
}

@test "info, dump: malformed lines are named, 65; --lenient skips them" {
  printf 'ok\n\nbad\t\t\tcase=maybe\n' >bad.tsv
  for command in info dump; do
    pfg $command bad.tsv
    assert_failure 65
    assert_output ''
    assert_messages \
      'pfglossary: bad.tsv:3: unknown rule in a column after the label: case=maybe'
  done
  pfg dump --lenient bad.tsv
  assert_success
  assert_output $'ok\t\t'
  assert_messages 'pfglossary: bad.tsv: 1 malformed line skipped; first: 3: unknown rule in a column after the label: case=maybe'
}

@test "empty: 65; missing: 66; a directory: 66; unreadable: 77" {
  : >empty
  mkdir dir
  lines_of secret x
  chmod 0 secret
  pfg check empty
  assert_failure 65
  assert_messages 'pfglossary: empty: glossary has no entries'
  pfg info missing
  assert_failure 66
  assert_messages 'pfglossary: missing: No such file or directory'
  pfg dump dir
  assert_failure 66
  assert_messages 'pfglossary: dir: Is a directory'
  runs "${unprivileged[@]}" "$PFGLOSSARY" check secret
  assert_failure 77
  assert_messages 'pfglossary: secret: Permission denied'
}

@test "a name with a line break is one line" {
  pfg check $'a\nb'
  assert_failure 66
  assert_messages 'pfglossary: a\nb: No such file or directory'
}

@test "usage" {
  for given in '' info 'info a b' 'frobnicate g.tsv' '--nonsense'; do
    # shellcheck disable=SC2086
    pfg $given
    assert_failure 64
    assert_output ''
    assert_regex "$stderr" '^Usage: pfglossary |pfglossary: '
  done
  pfg info g.tsv,case=maybe
  assert_failure 64
  assert_messages \
    'pfglossary: g.tsv,case=maybe: case must be exact or ignore: case=maybe'
  pfg --help
  assert_success
  assert_line --index 0 --regexp '^Usage: pfglossary '
  pfg --version
  assert_success
  assert_output --regexp '^pfglossary [0-9.]+'
}

@test "a full disk: 74" {
  for command in info dump; do
    runs bash -c '"$PFGLOSSARY" "$0" g.tsv >/dev/full' $command
    assert_failure 74
    assert_regex "$stderr" '^pfglossary: standard output: '
  done
}
