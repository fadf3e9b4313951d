# tbx in pfglossary: info, dump, build, convert.

load ../../pfproc/test/helper

setup() {
  common_setup
  if "$PFGLOSSARY" info x.tbx 2>&1 | grep -q 'this build lacks'; then
    skip 'built without libxml2'
  fi
  sample=$PF_SRCDIR/testdata/terms-basic.tbx
}

@test "tbx: info and dump, with keys and options" {
  pfg info "$sample"
  assert_success
  assert_line '  entries     8'
  for given in "$sample,langs=en:fr" "--tbx-langs=en,fr $sample" \
    "$sample --tbx-langs en:fr"; do
    # shellcheck disable=SC2086
    pfg dump $given
    assert_success
    assert_output $'handlebar\tguidon\tbicycles\nsteering bar\tguidon\tbicycles\ntyre\tpneu\t\ntire\tpneu\t'
  done
  pfg dump --tbx-forbidden=en "$sample"
  assert_output $'steering bar\thandlebar\tbicycles\npneumatic brake shoe\t\t'
}

@test "tbx: options that make no sense" {
  lines_of g.txt one
  for command in 'info' 'dump' 'build -o x.pfg' 'convert --to=tsv'; do
    # shellcheck disable=SC2086
    pfg $command --tbx-langs=en,fr --tbx-forbidden=en "$sample"
    assert_failure 64
    assert_output ''
    # shellcheck disable=SC2086
    pfg $command --tbx-langs=en,fr g.txt
    assert_failure 64
    assert_messages 'pfglossary: --tbx-langs makes no sense without a glossary of the format tbx'
    # shellcheck disable=SC2086
    pfg $command --tbx-langs=en,fr,de "$sample"
    assert_failure 64
  done
  assert_not_exists x.pfg
}

@test "tbx: build of several, with an option for all of them" {
  pfg build --tbx-forbidden=en -o x.pfg "$sample" "$PF_SRCDIR/testdata/terms-dct.tbx"
  assert_success
  pfg dump x.pfg
  assert_output $'steering bar\thandlebar\tbicycles\npneumatic brake shoe\t\t\nsteering bar\thandlebar\tbicycles'
}

@test "tbx: convert there and back loses nothing" {
  printf '%s\n' $'one\tv\tl' $'one\tw' 'two' $'a < b & c\t"q" > \'r\'\t&amp;' \
    $'a  b\t x \\n\\ty \\r\t  ' $'é 日本\tK\t\tcase=exact' \
    $'x\ty\tz\tcase=ignore\tboundary=host' $'none\t\t\tboundary=none' >g.tsv
  pfg dump g.tsv
  cp "$out" "$kept/wanted"
  assert_equal "$(wc -l <"$kept/wanted")" 8
  pfg convert -o g.tbx g.tsv
  assert_success
  assert_messages
  xml=$(head -n 2 g.tbx)
  assert_equal "$xml" '<?xml version="1.0" encoding="UTF-8"?>
<martif type="TBX-Basic" xml:lang="und">'
  pfg dump g.tbx
  same_file "$kept/wanted" "$out" 'there and back'
  pfg convert --to=tbx g.tbx
  same_file g.tbx "$out" 'again'
  pfg check g.tbx
  [ "$status" -le 1 ]
}

@test "tbx: convert of a glossary that ignores case" {
  lines_of g.codespell 'teh->the' 'beat->beta, bead,'
  pfg convert --to=tbx -o g.tbx g.codespell
  assert_success
  pfg dump g.codespell
  cp "$out" "$kept/wanted"
  pfg dump g.tbx
  same_file "$kept/wanted" "$out" 'by tbx'
}

@test "tbx: what XML has no place for is refused, or left out by --lenient" {
  printf 'ok\tv\nctrl\ta\x01b\nbytes\t\t\xff\n' >g.tsv
  pfg convert --to=tbx g.tsv
  assert_failure 65
  assert_output ''
  assert_messages 'pfglossary: g.tsv: tbx has no place for a character in its value that XML lacks: ctrl'
  pfg convert --to=tbx --lenient g.tsv
  assert_success
  cp "$out" g.tbx
  pfg dump g.tbx
  assert_output $'ok\tv\t'
}
