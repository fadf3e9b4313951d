/* Indexes in images: which runs use them, and what is refused. That matches are
 * the same is for anywhere_test.c. */
#include "match/anywhere_image.h"

#include <string.h>

#include "match/scans.h"
#include "match/test_anywhere.h"

/* --- which runs use one --- */

typedef struct {
  const char *terms; /* as in pf_scans_glossary */
  PfMatchRules rules;
  gboolean is_stored;
} Use;

#define NONE .boundary = PF_BOUNDARY_NONE

static const Use uses[] = {
  { "alpha|Beta", { NONE }, TRUE },
  { "alpha|Beta", { NONE, .overlapping = TRUE }, TRUE },
  { "alpha|Beta", { NONE, .case_rule = PF_CASE_IGNORE }, TRUE },
  { "alpha|Beta", { NONE, .case_rule = PF_CASE_EXACT }, TRUE },
  { "alpha|Beta", { NONE, .space = PF_SPACE_EXACT }, TRUE },
  { "alpha|be ta", { NONE, .space = PF_SPACE_LINE }, TRUE },
  { "alpha|be ta", { NONE, .space = PF_SPACE_EXACT }, FALSE },
  { "alpha|Beta", { .boundary = PF_BOUNDARY_PREFIX }, TRUE },
  { "alpha|Beta;p", { .boundary = PF_BOUNDARY_SUBWORD }, TRUE },
  { "alpha;w|Beta", { .boundary = PF_BOUNDARY_SUBWORD }, TRUE },
  { "alpha|Beta;u", { 0 }, FALSE },
  { "alpha;p|Beta;u", { 0 }, TRUE },
  { "alpha|++", { .boundary = PF_BOUNDARY_WORD }, FALSE },
  { "alpha|++", { 0 }, FALSE },
  /* The rule of the run is nobody's. */
  { "alpha;n|Beta;ni", { 0 }, TRUE },
  { "alpha;n|Beta;ni", { .case_rule = PF_CASE_IGNORE }, TRUE },
  { "alpha;ne|Beta;ni", { .case_rule = PF_CASE_IGNORE }, TRUE },
};

static void
test_uses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (uses); i++) {
    g_auto (PfScans) scans = { 0 };
    gboolean is_stored;
    gsize n;

    pf_scans_init (&scans, pf_scans_image (pf_scans_glossary (uses[i].terms)),
                   &uses[i].rules, "");
    n = pf_matcher_anywhere (scans.matcher, &is_stored);
    g_assert_cmpuint (n, >, 0);
    g_assert_cmpint (is_stored, ==, uses[i].is_stored);
  }
}

static void
use_with (const PfGlossary *glossary, const PfSourceRules *given,
          gboolean expected)
{
  PfGlossary *opened =
      pf_glossary_new (pf_glossary_sections (glossary), given, NULL, g_free);
  PfMatchRules rules = { 0 };
  PfAnywhereIndex index;

  g_assert_cmpint (
      pf_anywhere_image_open (&index, opened, &rules, PF_ISA_SCALAR), ==,
      expected);
  pf_anywhere_index_clear (&index);
  pf_glossary_unref (opened);
}

/* What is given with the image is as good as a rule of the run. */
static void
test_given (void)
{
  PfGlossary *image = pf_scans_image (pf_scans_glossary ("alpha|Beta;s"));

  use_with (image, &(PfSourceRules){ 0 }, FALSE);
  use_with (image, &(PfSourceRules){ NONE }, TRUE);
  use_with (image, &(PfSourceRules){ NONE, .case_rule = PF_CASE_IGNORE }, TRUE);
  use_with (image, &(PfSourceRules){ .boundary = PF_BOUNDARY_HOST }, FALSE);
  pf_glossary_unref (image);
}

/* There is no second one where ignoring case makes no difference, and none of
 * nothing. */
static void
test_how_many (void)
{
  static const struct {
    const char *terms;
    gboolean has[PF_ANYWHERE_SECTIONS];
  } rows[] = { { "alpha|beta", { TRUE, TRUE } },
               { "alpha;i|beta;e", { TRUE, FALSE } },
               { "alpha;s", { FALSE, FALSE } } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PfGlossary *glossary = pf_scans_glossary (rows[i].terms);
    g_auto (PfAnywhereImage) made = { 0 };

    g_assert_true (pf_anywhere_image_init (&made, glossary, NULL));
    for (guint k = 0; k < PF_ANYWHERE_SECTIONS; k++)
      g_assert_cmpint (made.sections[k].len > 0, ==, rows[i].has[k]);
    pf_glossary_unref (glossary);
  }
}

/* --- the check --- */

/* Any bit of a section. */
static void
test_check (void)
{
  g_autoptr (GRand) random = pf_test_seeded ();
  PfGlossary *glossary = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_anywhere_bytes (glossary);
  PfTestCopy copy;
  PfGlossary *image;

  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = pf_test_copy_open (&copy);
  g_assert_true (pf_image_check (image, NULL));
  g_assert_true (pf_anywhere_image_check (image, NULL));
  for (guint n = 0; n < pf_test_rounds (200); n++) {
    const PfSpan *sections = pf_glossary_sections (image)->anywhere;
    PfSpan section = sections[pf_test_below (random, PF_ANYWHERE_SECTIONS)];
    guint8 *byte =
        (guint8 *)section.data + pf_test_below (random, (guint)section.len);
    guint8 bit = (guint8)(1u << pf_test_below (random, 8));
    g_auto (PfError) error = { 0 };

    *byte ^= bit;
    g_assert_false (pf_anywhere_image_check (image, &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
    *byte ^= bit;
  }
  g_assert_true (pf_anywhere_image_check (image, NULL));
  pf_glossary_unref (image);
  pf_test_copy_clear (&copy);
  pf_glossary_unref (glossary);
}

/* --- what is not opened --- */

/* Where numbers stand in a section. */
enum {
  AT_SLOTS = 16,
  AT_NODES = 24,
  AT_LISTED = 32,
  AT_TAILS = 40,
  AT_FILTER = 48,
  HEADER = 256
};

static gboolean
is_opened (const PfGlossary *glossary, PfSpan section)
{
  PfSections sections = *pf_glossary_sections (glossary);
  const PfMatchRules rules = { NONE };
  PfAnywhereIndex index;
  PfGlossary *other;
  gboolean opened;

  sections.anywhere[0] = section;
  sections.anywhere[1] = (PfSpan){ NULL, 0 };
  other = pf_glossary_new (&sections, &(PfSourceRules){ 0 }, NULL, g_free);
  opened = pf_anywhere_image_open (&index, other, &rules, PF_ISA_SCALAR);
  pf_anywhere_index_clear (&index);
  pf_glossary_unref (other);
  return opened;
}

static void
add_to_number (PfSpan section, gsize at, guint64 n)
{
  guint8 *where = (guint8 *)section.data + at;
  guint64 number;

  memcpy (&number, where, sizeof number);
  number += n;
  memcpy (where, &number, sizeof number);
}

/* Sizes that go on behind the end, or come back to it by overflowing. */
static void
test_sizes (void)
{
  static const struct {
    gsize at;
    guint64 n;
  } rows[] = {
    { AT_SLOTS, 64 },  { AT_SLOTS, (guint64)1 << 60 },
    { AT_NODES, 64 },  { AT_NODES, (guint64)1 << 61 },
    { AT_LISTED, 64 }, { AT_LISTED, (guint64)1 << 61 },
    { AT_TAILS, 64 },  { AT_TAILS, 0 - (guint64)64 },
  };
  PfGlossary *glossary = pf_scans_glossary ("alpha|beta|alpha;i");
  g_auto (PfAnywhereImage) made = { 0 };
  PfSpan section;

  g_assert_true (pf_anywhere_image_init (&made, glossary, NULL));
  section = made.sections[0];
  g_assert_true (is_opened (glossary, section));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    add_to_number (section, rows[i].at, rows[i].n);
    g_assert_false (is_opened (glossary, section));
    add_to_number (section, rows[i].at, 0 - rows[i].n);
  }
  for (gsize len = 0; len < section.len; len += 1 + len / 16)
    g_assert_false (is_opened (glossary, (PfSpan){ section.data, len }));
  g_assert_true (is_opened (glossary, section));
  pf_glossary_unref (glossary);
}

/* A filter that cannot be has no tables, and they are not there. */
static void
test_no_filter (void)
{
  PfGlossary *glossary = pf_scans_glossary ("alpha|beta");
  const PfMatchRules rules = { NONE };
  g_auto (PfAnywhereImage) made = { 0 };
  PfAnywhereIndex index;
  PfStartFilterShape shape;
  PfSpan section;
  gsize len;

  g_assert_true (pf_anywhere_image_init (&made, glossary, NULL));
  g_assert_true (
      pf_anywhere_index_init (&index, glossary, &rules, PF_ISA_SCALAR));
  shape = pf_start_filter_shape (index.filter);
  len = pf_start_filter_size (&shape);
  section = made.sections[0];
  memmove ((guint8 *)section.data + HEADER, section.data + HEADER + len,
           section.len - HEADER - len);
  section.len -= len;
  for (guint i = 0; i < sizeof shape; i++) {
    guint8 *byte = (guint8 *)section.data + AT_FILTER + i, kept = *byte;

    *byte = 0xFF;
    g_assert_false (is_opened (glossary, section));
    *byte = kept;
  }
  pf_anywhere_index_clear (&index);
  pf_glossary_unref (glossary);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/anywhere-image/uses", test_uses);
  g_test_add_func ("/anywhere-image/given", test_given);
  g_test_add_func ("/anywhere-image/how-many", test_how_many);
  g_test_add_func ("/anywhere-image/check", test_check);
  g_test_add_func ("/anywhere-image/sizes", test_sizes);
  g_test_add_func ("/anywhere-image/no-filter", test_no_filter);
  return g_test_run ();
}
