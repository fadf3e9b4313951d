# Replacing with codespell's dictionary makes the same files as codespell.

load helper

setup() {
  common_setup
  compare=$BATS_TEST_DIRNAME/../../../scripts/compare-codespell
}

@test "each entry in each case and place, as codespell" {
  mkdir tree
  PYTHONPATH=/usr/lib/python3/dist-packages python3 - tree <<'END'
import codespell_lib
import pathlib
import sys

data = pathlib.Path(codespell_lib.__file__).parent / "data/dictionary.txt"
forms = (str, str.capitalize, str.upper, str.title, str.swapcase)
places = ("{}", "({})", "a {} b", "_{}", "{}s", "'{}'", "{}-{}", "é{}", "{}\r")
lines = data.read_text(encoding="utf-8").splitlines()
for part in range(20):
    with open(f"{sys.argv[1]}/{part}.txt", "w", encoding="utf-8",
              newline="") as out:
        for number, line in enumerate(lines[part::20]):
            term = line.split("->")[0]
            form = forms[number % len(forms)]
            place = places[number % len(places)]
            out.write(place.replace("{}", form(term)) + "\n")
        out.write("teh")
END
  run "$compare" --pfproc="$PFPROC" tree
  assert_success
  assert_line --partial '20 files were changed by codespell, 0 differ'
}
