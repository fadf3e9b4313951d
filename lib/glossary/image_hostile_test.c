/* No bytes do harm, whatever is done with them. */
#include "glossary/test_image.h"

#include <string.h>

#include "match/matcher.h"
#include "text/word.h"

static gboolean
on_match (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  ++*(guint *)user;
  return TRUE;
}

static void
scan (PfGlossary *image, const PfMatchRules *rules)
{
  static const char text[] =
      "alpha C++ + ab.longer one two\nthree insides aB+c\u4E2D_7 \u212A "
      "\u00E9a a a a B longer ab ab c7 .+.+ inside \xFF\xC3 one two three";
  PfWordClass *words = pf_word_class_new (pf_span_str (""), NULL);
  g_autoptr (PfMatcher) matcher = pf_matcher_new (image, words, rules);
  g_autoptr (PfScratch) scratch = pf_scratch_new ();
  guint n = 0;

  pf_matcher_scan (matcher, scratch,
                   &(PfScan){ .text = pf_span_str (text),
                              .final = TRUE,
                              .func = on_match,
                              .user = &n });
}

/* All that can be done with an image. */
static void
use_image (PfGlossary *image)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfMatchRules rules[] = { { 0 },
                           { .case_rule = PF_CASE_IGNORE },
                           { .boundary = PF_BOUNDARY_NONE },
                           { .boundary = PF_BOUNDARY_HOST,
                             .overlapping = TRUE } };

  g_free (pf_test_show (image));
  pf_image_check (image, NULL);
  if (pf_image_add (image, builder, NULL))
    pf_glossary_unref (pf_glossary_builder_seal (builder, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    scan (image, &rules[i]);
}

/* Overwrites a few bytes, mostly such as are numbers, mostly by large or small
 * ones, and never the header. */
static void
damage (GRand *random, GByteArray *bytes, gsize from)
{
  for (guint n = 1 + pf_test_below (random, 4); n > 0; n--) {
    gsize at = from + pf_test_below (random, (guint)(bytes->len - from));
    guint32 number = pf_test_below (random, 2) ? pf_test_below (random, 300)
                                               : g_rand_int (random);

    switch (pf_test_below (random, 3)) {
    case 0:
      bytes->data[at] = (guint8)number;
      break;
    case 1:
      bytes->data[at] ^= (guint8)(1u << number % 8);
      break;
    default:
      at &= ~(gsize)3;
      memcpy (bytes->data + at, &number, MIN (4, bytes->len - at));
    }
  }
  pf_container_seal (bytes->data);
}

/* Terms as long as they may be, so that a damaged length may be too long, of
 * characters that get longer when they are folded. */
static PfGlossary *
long_glossary (void)
{
  static const char *const fillers[] = { "x", "\u023A", "A b " };
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  pf_glossary_builder_begin (builder, "long", &(PfSourceRules){ 0 });
  for (guint i = 0; i < 6; i++) {
    const char *filler = fillers[i % G_N_ELEMENTS (fillers)];
    GString *term = g_string_new (NULL);
    PfEntry entry = { .boundary =
                          i < 3 ? PF_BOUNDARY_NONE : PF_BOUNDARY_UNSET };

    while (term->len + strlen (filler) < PF_TERM_MAX)
      g_string_append (term, filler);
    g_string_append_c (term, (char)('a' + i));
    entry.term = pf_span_str (term->str);
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
    g_string_free (term, TRUE);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

/* Another tag, length and rules for one of the items. */
static void
damage_item (GRand *random, GByteArray *bytes)
{
  const PfImageRow *items = pf_test_image_row (bytes, 5);
  const PfImageRow *item_of = pf_test_image_row (bytes, 8);
  guint32 head = g_rand_int (random), offset;

  if (item_of == NULL || items == NULL)
    return;
  memcpy (&offset,
          bytes->data + item_of->offset +
              4 * pf_test_below (random, (guint)item_of->len / 4),
          sizeof offset);
  if ((guint64)offset + PF_ITEM_HEAD <= items->len)
    memcpy (bytes->data + items->offset + offset + 4, &head, sizeof head);
  pf_container_seal (bytes->data);
}

/* Moves or resizes a section, within the image. */
static void
damage_table (GRand *random, GByteArray *bytes)
{
  guint32 n = *(guint32 *)(gpointer)(bytes->data + 40);
  PfImageRow *rows = (PfImageRow *)(gpointer)(bytes->data + PF_TEST_HEADER);
  PfImageRow *row = &rows[pf_test_below (random, n)];

  switch (pf_test_below (random, 3)) {
  case 0:
    row->len = row->len / 8 * pf_test_below (random, 9);
    break;
  case 1:
    row->offset = pf_test_below (random, (guint)bytes->len / 64 + 2) * 64;
    break;
  default:
    row->id = 1 + pf_test_below (random, 14);
  }
  pf_container_seal (bytes->data);
}

static void
use_damaged (const GByteArray *bytes, guint *n_opened)
{
  PfGlossary *image;
  PfTestCopy copy;

  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = pf_image_open_bytes (pf_test_copy_span (&copy), &(PfSourceRules){ 0 },
                               NULL);
  if (image != NULL) {
    ++*n_opened;
    use_image (image);
  }
  pf_glossary_unref (image);
  pf_test_copy_clear (&copy);
}

static PfGlossary *
some_glossary (GRand *random)
{
  switch (pf_test_below (random, 8)) {
  case 0:
    return long_glossary ();
  case 1:
  case 2:
  case 3:
    return pf_test_rich_glossary ();
  default:
    return pf_test_random_glossary (random);
  }
}

static void
test_hostile (void)
{
  g_autoptr (GRand) random = pf_test_seeded ();
  guint n_opened = 0, n_rounds = pf_test_rounds (20000);

  for (guint n = 0; n < n_rounds; n++) {
    PfGlossary *glossary = some_glossary (random);
    g_autoptr (GByteArray) bytes = pf_test_image_of (glossary);
    guint32 n_sections = *(guint32 *)(gpointer)(bytes->data + 40);
    gsize from = PF_TEST_HEADER + n_sections * sizeof (PfImageRow);

    pf_glossary_unref (glossary);
    if (pf_test_below (random, 2) == 0)
      damage_item (random, bytes);
    if (pf_test_below (random, 4) > 0)
      damage (random, bytes, from);
    if (pf_test_below (random, 4) == 0)
      damage_table (random, bytes);
    use_damaged (bytes, &n_opened);
  }
  g_assert_cmpuint (n_opened, >, n_rounds / 3);
}

/* A term of twice the length that a term may have, of characters that get
 * longer when they are folded. */
static void
test_long_term (void)
{
  const gsize len = 8190;
  PfGlossary *glossary = long_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (glossary);
  const PfImageRow *items = pf_test_image_row (bytes, 5);
  guint n_long = 0, n_opened = 0;

  for (guint i = 0; i < 3; i++) {
    gsize at = pf_glossary_sections (glossary)->item_of[i];
    guint8 *item = bytes->data + items->offset + at;
    guint32 head = pf_item_word (
        len, pf_rule_bits (PF_CASE_UNSET, PF_BOUNDARY_NONE, FALSE), 0);

    if (at + PF_ITEM_HEAD + len > items->len)
      continue;
    n_long++;
    memcpy (item + 4, &head, sizeof head);
    for (gsize k = 0; k < len; k += 2)
      memcpy (item + PF_ITEM_HEAD + k, "\u023A", 2);
    use_damaged (bytes, &n_opened);
  }
  g_assert_cmpuint (n_long, >, 0);
  g_assert_cmpuint (n_opened, ==, n_long);
  pf_glossary_unref (glossary);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/hostile", test_hostile);
  g_test_add_func ("/image/long-term", test_long_term);
  return g_test_run ();
}
