#!/usr/bin/env bats
# The checked-in tables are what the script makes of Debian's unicode-data.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
  script="$PF_SRCDIR/scripts/make-unicode-tables"
  tables="$PF_SRCDIR/lib/text/unicode_tables.inc"
  data="$BATS_TEST_TMPDIR/data"
}

# A database of a few characters.
make_data() {
  mkdir -p "$data/extracted"
  printf '# %s-9.8.7.txt\n' DerivedCoreProperties >"$data/DerivedCoreProperties.txt"
  printf '# %s-9.8.7.txt\n' DerivedGeneralCategory >"$data/extracted/DerivedGeneralCategory.txt"
  printf '# %s-9.8.7.txt\n' PropList >"$data/PropList.txt"
  printf '# %s-9.8.7.txt\n' CaseFolding >"$data/CaseFolding.txt"
  printf '0041..005A ; Alphabetic # L& [26]\n0042 ; Math\n' >>"$data/DerivedCoreProperties.txt"
  printf '000%s ; %s\n' 0 Mn 1 Mc 2 Me 4 Ll 5 Lu 6 Lt 8 Nd 9 Pc \
    >>"$data/extracted/DerivedGeneralCategory.txt"
  printf '0003 ; Join_Control\n0020 ; White_Space\n' >>"$data/PropList.txt"
  printf '0041; C; 0061; # A\n0042; S; 0041; # B\n0043; F; 0044 0045; #\n0044; T; 0001;\n' >>"$data/CaseFolding.txt"
}

@test "the tables are up to date" {
  if ! [ -e /usr/share/unicode/CaseFolding.txt ]; then
    skip "unicode-data is not installed"
  fi
  if ! grep -q "^# CaseFolding-$(sed -n 's/^#define PF_UNICODE_VERSION "\(.*\)"$/\1/p' "$tables")\.txt" /usr/share/unicode/CaseFolding.txt; then
    skip "unicode-data is of another version than the tables"
  fi
  "$script" >"$BATS_TEST_TMPDIR/tables.inc"
  run cmp "$BATS_TEST_TMPDIR/tables.inc" "$tables"
  assert_success
  "$script" --normal >"$BATS_TEST_TMPDIR/normal.inc"
  run cmp "$BATS_TEST_TMPDIR/normal.inc" "$PF_SRCDIR/lib/text/normal_tables.inc"
  assert_success
}

@test "properties and statuses are told apart" {
  make_data
  run "$script" "$data"
  assert_success
  assert_line '#define PF_UNICODE_VERSION "9.8.7"'
  assert_line '    0x0000030F, 0x00000000, 0x07FFFFFE, 0x00000000, 0x00000000, 0x00000000,'
  assert_line --regexp '^    0x03215555, 0x00000064, 0x00000000,'
  assert_line --regexp '^    0, 32, -1, 0, 0,'
  assert_line '  { 0x0020, 0x0020 }'
}

@test "both tables are of one version" {
  version=$(sed -n 's/^#define PF_UNICODE_VERSION //p' "$tables")
  [ -n "$version" ]
  grep -qx "#define PF_NORMAL_VERSION $version" "$PF_SRCDIR/lib/text/normal_tables.inc"
}

@test "normal form holds all lines of the database's own test" {
  if ! [ -e /usr/share/unicode/NormalizationTest.txt.bz2 ]; then
    skip "unicode-data is not installed"
  fi
  python3 -c 'import bz2, sys; sys.stdout.buffer.write(bz2.open(sys.argv[1]).read())' \
    /usr/share/unicode/NormalizationTest.txt.bz2 >"$BATS_TEST_TMPDIR/lines"
  if ! grep -q "^# NormalizationTest-$(sed -n 's/^#define PF_NORMAL_VERSION "\(.*\)"$/\1/p' "$PF_SRCDIR/lib/text/normal_tables.inc")\.txt" "$BATS_TEST_TMPDIR/lines"; then
    skip "unicode-data is of another version than the tables"
  fi
  run "$PF_BUILDDIR/lib/match/normal_lines" <"$BATS_TEST_TMPDIR/lines"
  assert_success
  assert_output --regexp '^1[0-9]{4} lines, 0 do not hold$'
}

# character CODE CLASS MAPPING: a line of UnicodeData.txt.
character() {
  echo "$1;NAME;Lu;$2;L;$3;;;;N;;;;;"
}

@test "decompositions go all the way, and what does not compose is told" {
  make_data
  printf '# DerivedNormalizationProps-9.8.7.txt\n0044 ; Full_Composition_Exclusion\n' \
    >"$data/DerivedNormalizationProps.txt"
  {
    character 0041 0 ''
    character 0042 0 '0041 0300'
    character 0043 0 '0042 0301'
    character 0044 0 0041
    character 0045 0 '<compat> 0041'
    character 0300 230 ''
    character 0301 220 ''
  } >"$data/UnicodeData.txt"
  run "$script" --normal "$data"
  assert_success
  assert_line '  0x0041, 0x0300, 0x0041, 0x0300, 0x0301, 0x0041'
  assert_line '  { 0x0042, 0, 2 }, { 0x0043, 2, 3 }, { 0x0044, 5, 1 }'
  assert_line '  { 0x0041, 0x0300, 0x0042 }, { 0x0042, 0x0301, 0x0043 }'
  rm "$data/UnicodeData.txt"
  run "$script" --normal "$data"
  assert_failure
  assert_output "$data/UnicodeData.txt: No such file or directory"
}

@test "files of different versions are refused" {
  make_data
  sed -i 1s/9.8.7/9.8.8/ "$data/PropList.txt"
  run "$script" "$data"
  assert_failure
  assert_output "PropList.txt: version 9.8.8, not 9.8.7"
}

@test "a property that is gone is an error" {
  make_data
  sed -i /Me/d "$data/extracted/DerivedGeneralCategory.txt"
  run "$script" "$data"
  assert_failure
  assert_output "extracted/DerivedGeneralCategory.txt: no Me"
}

@test "a missing file is an error that names it" {
  make_data
  rm "$data/CaseFolding.txt"
  run "$script" "$data"
  assert_failure
  assert_output "$data/CaseFolding.txt: No such file or directory"
}
