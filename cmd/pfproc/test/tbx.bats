# Glossaries of the format tbx.

load helper

setup() {
  common_setup
  if "$PFPROC" -g x.tbx . 2>&1 | grep -q 'this build lacks'; then
    skip 'built without libxml2'
  fi
  samples=$PF_SRCDIR/testdata
  lines_of text 'The steering bar, or handlebar, of a tyre.' 'Un guidon, un cintre.'
}

# concepts TEXT: x.tbx, with TEXT as its body, which begins in line 2.
concepts() {
  printf '<tbx><text><body>\n%s\n</body></text></tbx>\n' "$1" >x.tbx
}

@test "tbx: all terms, with definition and subject" {
  for sample in terms-v3 terms-dct; do
    ways -g "$samples/$sample.tbx" text
    assert_success
    assert_messages
    assert_output 'text:1:5: steering bar -> bar by which a bicycle is steered
text:1:22: handlebar -> bar by which a bicycle is steered
text:2:4: guidon
text:2:15: cintre'
  done
  pf -g "$samples/terms-basic.tbx" --format=tsv text
  assert_equal "$(cut -f7-9 "$out" | tr '\t' '|')" \
    'steering bar|bar by which a bicycle is steered|bicycles
handlebar|bar by which a bicycle is steered|bicycles
tyre||
guidon||bicycles
cintre||bicycles'
}

@test "tbx: a pair of languages, by option and by key" {
  for given in "-g $samples/terms-basic.tbx --tbx-langs=en,fr" \
    "--tbx-langs en:fr -g $samples/terms-basic.tbx" \
    "-g $samples/terms-basic.tbx,langs=en:fr" \
    "-g $samples/terms-basic.tbx,langs=en:fr --tbx-langs=fr,en"; do
    # shellcheck disable=SC2086
    ways $given text
    assert_success
    assert_output 'text:1:5: steering bar -> guidon
text:1:22: handlebar -> guidon
text:1:38: tyre -> pneu'
  done
  pf -g "$samples/terms-basic.tbx" --tbx-langs=FR,en-us text
  assert_output ''
  pf -g "$samples/terms-basic.tbx" --tbx-langs=FR,en text
  assert_output $'text:2:4: guidon -> handlebar\ntext:2:15: cintre -> handlebar'
  pf -g "$samples/terms-basic.tbx" --tbx-langs=en-GB text
  assert_output 'text:1:38: tyre'
}

@test "tbx: forbidden terms, by option and by key" {
  for given in "-g $samples/terms-v3.tbx --tbx-forbidden=en" \
    "-g $samples/terms-basic.tbx,forbidden=en" \
    "-g $samples/terms-dct.tbx,forbidden=en --tbx-langs=fr,en"; do
    # shellcheck disable=SC2086
    ways $given text
    assert_success
    assert_output 'text:1:5: steering bar -> handlebar'
  done
  pf --check -q -g "$samples/terms-v3.tbx,forbidden=en" text
  assert_failure 1
  # Nothing is forbidden in French.
  pf -g "$samples/terms-v3.tbx,forbidden=fr" text
  assert_failure 65
  assert_messages \
    "pfproc: $samples/terms-v3.tbx: glossary has no entries"
  pf -g "$samples/terms-v3.tbx,forbidden=fr" --allow-empty text
  assert_success
}

@test "tbx: options that make no sense" {
  pf -g "$samples/terms-v3.tbx" --tbx-langs=en,fr --tbx-forbidden=en text
  assert_usage_error '--tbx-langs makes no sense with --tbx-forbidden'
  pf -g "$samples/terms-v3.tbx,langs=en,forbidden=en" text
  assert_usage_error 'of langs and forbidden, a glossary takes one only'
  for langs in '' ',' 'en,' ',fr' 'en,fr,de' 'e n' 'en:*'; do
    pf -g "$samples/terms-v3.tbx" "--tbx-langs=$langs" text
    assert_usage_error 'langs takes one or two languages'
  done
  for forbidden in '' 'en,fr' '*'; do
    pf -g "$samples/terms-v3.tbx" "--tbx-forbidden=$forbidden" text
    assert_usage_error 'forbidden takes a language'
  done
  pf -e a --tbx-langs=en,fr text
  assert_usage_error '--tbx-langs makes no sense without a glossary'
  pf --tbx-forbidden=en text
  assert_usage_error '--tbx-forbidden makes no sense without a glossary'
  lines_of g.tsv tyre
  pf -g g.tsv,langs=en:fr text
  assert_usage_error 'no such key: langs=en:fr'
}

@test "tbx: beside other glossaries, with rules and a label" {
  lines_of g.tsv $'tyre\tmine'
  ways -g g.tsv -g "$samples/terms-v3.tbx,case=ignore,label=bike" \
    --tbx-forbidden=en --format=tsv text
  assert_equal "$(cut -f7-9 "$out" | tr '\t' '|')" \
    $'steering bar|handlebar|bicycles\ntyre|mine|'
  lines_of text 'STEERING BAR'
  pf -g "$samples/terms-v3.tbx,case=ignore" text
  assert_line --partial 'STEERING BAR -> '
}

@test "tbx: on standard input, as an image, and in other encodings" {
  runs "$PFPROC" -g -:tbx,langs=en:fr text <"$samples/terms-basic.tbx"
  assert_success
  cp "$out" "$kept/wanted"
  assert_line 'text:1:38: tyre -> pneu'
  pfg build --tbx-langs=en,fr -o x.pfg "$samples/terms-basic.tbx"
  assert_success
  pf -g x.pfg text
  same_file "$kept/wanted" "$out" 'by an image'
  for encoding in UTF-16 ISO-8859-1; do
    sed "s/UTF-8/$encoding/; s/cintre/brisé/" "$samples/terms-v3.tbx" |
      iconv -f UTF-8 -t $encoding >x.tbx
    printf 'un brisé\n' >text
    pf -g x.tbx text
    assert_success
    assert_output 'text:1:4: brisé'
  done
}

@test "tbx: malformed concepts: 65 with the line, skipped and counted by --lenient" {
  concepts '<conceptEntry>
</conceptEntry>
<conceptEntry><langSec xml:lang="en">
<termSec><term> </term></termSec>
<termSec><term>tyre</term></termSec></langSec></conceptEntry>'
  pf -g x.tbx text
  assert_failure 65
  assert_output ''
  assert_messages 'pfproc: x.tbx:2: concept without a term'
  ways -g x.tbx --lenient text
  assert_success
  assert_output 'text:1:38: tyre'
  assert_messages \
    'pfproc: x.tbx: 2 malformed lines skipped; first: 2: concept without a term'
}

@test "tbx: what is not well-formed is an error also with --lenient" {
  concepts '<conceptEntry></langSec>'
  for given in '' --lenient; do
    # shellcheck disable=SC2086
    ways -g x.tbx $given text
    assert_failure 65
    assert_output ''
    [[ $stderr == 'pfproc: x.tbx:2: not well-formed: '* ]]
    assert_equal "$(wc -l <"$err")" 1
  done
  printf 'no xml' >x.tbx
  pf -g x.tbx text
  assert_failure 65
  printf '<html/>' >x.tbx
  pf -g x.tbx text
  assert_failure 65
  assert_messages 'pfproc: x.tbx:1: no TBX: the outermost element is html'
}

@test "tbx: entities are refused, and nothing is loaded" {
  {
    printf '<!DOCTYPE tbx [\n<!ENTITY a0 "aaaaaaaaaa">\n'
    for i in 1 2 3 4 5 6 7 8 9; do
      printf '<!ENTITY a%d "&a%d;&a%d;&a%d;">\n' $i $((i - 1)) $((i - 1)) $((i - 1))
    done
    printf ']>\n<tbx>&a9;</tbx>\n'
  } >x.tbx
  pf -g x.tbx --lenient text
  assert_failure 65
  assert_messages \
    'pfproc: x.tbx:2: the document declares an entity, which is refused: a0'
  # A document type is named and not read.
  sed 's/TBXBasiccoreStructV02.dtd/loaded.dtd/' "$samples/terms-basic.tbx" >x.tbx
  printf '<!ENTITY bomb "x">' >loaded.dtd
  runs env "ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0" \
    strace -f -e trace=file,network -o "$kept/trace" "$PFPROC" -g x.tbx text
  assert_success
  grep -q x.tbx "$kept/trace"
  refute grep -q 'loaded.dtd' "$kept/trace"
  refute grep -q 'connect(' "$kept/trace"
}
