/* Images come back as they were, and what is wrong with one is found. */
#include "glossary/test_image.h"

#include <string.h>
#include <unistd.h>

static void
check_ok (const PfGlossary *glossary)
{
  g_auto (PfError) error = { 0 };

  if (!pf_image_check (glossary, &error))
    g_error ("%s", error.message);
}

static PfGlossary *
open_ok (PfSpan bytes)
{
  g_auto (PfError) error = { 0 };
  PfGlossary *image =
      pf_image_open_bytes (bytes, &(PfSourceRules){ 0 }, &error);

  if (image == NULL)
    g_error ("%s", error.message);
  return image;
}

/* Taken apart and built again. */
static PfGlossary *
rebuilt (const PfGlossary *glossary)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  g_assert_true (pf_image_add (glossary, builder, NULL));
  return pf_glossary_builder_seal (builder, NULL);
}

/* Rooms are made for repeated entries before they are found, so GLOSSARY must
 * be one that had none. */
static void
check_round_trip (const PfGlossary *glossary)
{
  g_autoptr (GByteArray) bytes = pf_test_image_of (glossary), again = NULL;
  g_autofree char *expected = pf_test_show (glossary), *seen = NULL;
  PfGlossary *image, *copied;
  PfTestCopy copy;

  check_ok (glossary);
  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = open_ok (pf_test_copy_span (&copy));
  seen = pf_test_show (image);
  g_assert_cmpstr (seen, ==, expected);
  check_ok (image);
  copied = rebuilt (image);
  again = pf_test_image_of (copied);
  g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
  pf_glossary_unref (copied);
  pf_glossary_unref (image);
  pf_test_copy_clear (&copy);
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) random = pf_test_seeded ();
  PfGlossary *rich = pf_test_rich_glossary ();

  check_round_trip (rich);
  pf_glossary_unref (rich);
  for (guint n = 0; n < pf_test_rounds (300); n++) {
    PfGlossary *glossary = pf_test_random_glossary (random);
    PfGlossary *unique = rebuilt (glossary);

    check_ok (glossary);
    check_round_trip (unique);
    pf_glossary_unref (glossary);
    pf_glossary_unref (unique);
  }
}

/* Rules that an image is opened with are for entries without their own. */
static void
test_rules (void)
{
  PfGlossary *rich = pf_test_rich_glossary (), *image, *copied;
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);
  g_autofree char *before = NULL, *after = NULL;
  PfSourceRules rules = { .case_rule = PF_CASE_EXACT,
                          .boundary = PF_BOUNDARY_HOST,
                          .label = pf_span_str ("mine") };
  PfTestCopy copy;

  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = pf_image_open_bytes (pf_test_copy_span (&copy), &rules, NULL);
  g_assert_cmpint (pf_glossary_entry (image, 0).case_rule, ==, PF_CASE_EXACT);
  g_assert_cmpint (pf_glossary_entry (image, 4).case_rule, ==, PF_CASE_IGNORE);
  g_assert_cmpint (pf_glossary_entry (image, 4).boundary, ==, PF_BOUNDARY_HOST);
  g_assert_cmpint (pf_glossary_entry (image, 5).boundary, ==, PF_BOUNDARY_NONE);
  g_assert_true (
      pf_span_equal (pf_glossary_entry (image, 0).label, pf_span_str ("mine")));
  g_assert_true (pf_span_equal (pf_glossary_entry (image, 1).label,
                                pf_span_str ("language")));
  /* Copied, they are the entries' own. */
  g_assert_true (pf_image_add (image, builder, NULL));
  copied = pf_glossary_builder_seal (builder, NULL);
  before = pf_test_show (image);
  after = pf_test_show (copied);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (pf_glossary_rules (copied).case_rule, ==, PF_CASE_UNSET);
  pf_glossary_unref (copied);
  pf_glossary_unref (image);
  pf_glossary_unref (rich);
  pf_test_copy_clear (&copy);
}

/* Why BYTES are refused; NULL: they are not. */
static char *
refusal (const guint8 *bytes, gsize len)
{
  PfError error = { 0 };
  PfGlossary *image;
  PfTestCopy copy;

  pf_test_copy_init (&copy, bytes, len);
  image = pf_image_open_bytes (pf_test_copy_span (&copy), &(PfSourceRules){ 0 },
                               &error);
  g_assert_true ((image == NULL) == (error.status == PF_STATUS_DATA));
  pf_glossary_unref (image);
  pf_test_copy_clear (&copy);
  return error.message;
}

static void
assert_refused (const GByteArray *bytes, const char *why)
{
  g_autofree char *seen = refusal (bytes->data, bytes->len);

  g_assert_nonnull (seen);
  if (strstr (seen, why) == NULL)
    g_error ("\"%s\" has no \"%s\"", seen, why);
}

static void
test_truncated (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);

  for (gsize len = 0; len < bytes->len; len++) {
    g_autofree char *seen = refusal (bytes->data, len);

    g_assert_cmpstr (
        seen, ==, len == 0 ? "not a glossary image" : "the image is truncated");
  }
  g_byte_array_append (bytes, (const guint8 *)"", 1);
  assert_refused (bytes, "damaged");
  pf_glossary_unref (rich);
}

/* Every byte of header and table counts. */
static void
test_header (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);
  gsize n_sections = *(guint32 *)(gpointer)(bytes->data + 40);

  for (gsize i = 0; i < PF_TEST_HEADER + 32 * n_sections; i++) {
    g_autofree char *seen = NULL;

    bytes->data[i] ^= 0x10;
    seen = refusal (bytes->data, bytes->len);
    g_assert_nonnull (seen);
    bytes->data[i] ^= 0x10;
  }
  g_assert_null (refusal (bytes->data, bytes->len));
  pf_glossary_unref (rich);
}

typedef struct {
  gsize at; /* in the header, or the first row of the table */
  guint64 value;
  gsize len;
  const char *why;
} Patch;

static void
test_refused (void)
{
  static const Patch patches[] = {
    { 0, 0x20, 1, "not a glossary image" },
    { 8, 0x04030201, 4, "of another byte order: build it again" },
    { 12, PF_IMAGE_VERSION + 1, 4, "format version 4, not 3: build it again" },
    { 16, 0x302E302E3431, 8, "for Unicode 14.0.0, not " },
    { 32, 100, 8, "damaged" },
    { 32, G_MAXUINT64, 8, "truncated" },
    { 40, 0, 4, "a section has a wrong size" },
    { 40, PF_IMAGE_SECTIONS_MAX + 1, 4, "damaged" },
    { PF_TEST_HEADER + 0, 77, 4, "a section has a wrong size" },
    { PF_TEST_HEADER + 8, 1 << 20, 8, "section 1 is not in it" },
    { PF_TEST_HEADER + 8, 0, 8, "section 1 is not in it" },
    { PF_TEST_HEADER + 8, G_MAXUINT64 - 63, 8, "section 1 is not in it" },
    { PF_TEST_HEADER + 16, G_MAXUINT64, 8, "section 1 is not in it" },
    { PF_TEST_HEADER + 16, 39, 8, "a section has a wrong size" },
  };
  PfGlossary *rich = pf_test_rich_glossary ();

  for (gsize i = 0; i < G_N_ELEMENTS (patches); i++) {
    g_autoptr (GByteArray) bytes = pf_test_image_of (rich);

    memcpy (bytes->data + patches[i].at, &patches[i].value, patches[i].len);
    if (patches[i].at != 40 || patches[i].value <= PF_IMAGE_SECTIONS_MAX)
      pf_container_seal (bytes->data);
    assert_refused (bytes, patches[i].why);
  }
  pf_glossary_unref (rich);
}

static char *
check_image (const GByteArray *bytes)
{
  PfError error = { 0 };
  PfGlossary *image;
  PfTestCopy copy;

  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = pf_image_open_bytes (pf_test_copy_span (&copy), &(PfSourceRules){ 0 },
                               &error);
  if (image != NULL)
    g_assert_true (pf_image_check (image, &error) == (error.message == NULL));
  pf_glossary_unref (image);
  pf_test_copy_clear (&copy);
  return error.message;
}

/* Damage anywhere in a section is found by its checksum. */
static void
test_checksums (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);

  for (guint32 id = 1; id <= 13; id++) {
    PfImageRow *row = pf_test_image_row (bytes, id);
    g_autofree char *seen = NULL;
    gsize at;

    g_assert_nonnull (row);
    at = row->offset + row->len - 1;
    /* The numbers end with what is reserved. */
    bytes->data[at] ^= 1;
    seen = check_image (bytes);
    g_assert_nonnull (seen);
    bytes->data[at] ^= 1;
  }
  g_assert_null (check_image (bytes));
  pf_glossary_unref (rich);
}

/* Damage under right checksums: bit BIT behind FROM. */
static void
check_bit (GByteArray *bytes, gsize from, gsize bit)
{
  guint8 *byte = bytes->data + from + bit / 8;
  g_autofree char *seen = NULL;

  *byte ^= (guint8)(1u << bit % 8);
  pf_test_image_seal (bytes);
  seen = check_image (bytes);
  if (seen == NULL)
    g_error ("bit %" G_GSIZE_FORMAT " behind %" G_GSIZE_FORMAT, bit, from);
  *byte ^= (guint8)(1u << bit % 8);
}

/* It is found, too, in all sections where each bit has a meaning that another
 * tells as well. */
static void
test_invariants (void)
{
  /* table, loose, item-of, first-equal, sources */
  static const guint32 ids[] = { 4, 7, 8, 9, 12 };
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);

  for (guint k = 0; k < G_N_ELEMENTS (ids); k++) {
    PfImageRow *row = pf_test_image_row (bytes, ids[k]);

    for (gsize bit = 0; bit < 8 * row->len; bit++)
      check_bit (bytes, row->offset, bit);
  }
  pf_test_image_seal (bytes);
  g_assert_null (check_image (bytes));
  pf_glossary_unref (rich);
}

/* Of an item: all but its rules, since another rule is as good a rule. */
static void
test_items (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);
  PfImageRow *items = pf_test_image_row (bytes, 5);

  for (guint i = 0; i < pf_glossary_n_entries (rich); i++)
    for (gsize bit = 0; bit < 64; bit++) {
      if (bit >= 32 + PF_ITEM_LEN_BITS && bit < 32 + PF_ITEM_LEN_BITS + 6)
        continue;
      check_bit (bytes, items->offset + pf_glossary_sections (rich)->item_of[i],
                 bit);
    }
  pf_glossary_unref (rich);
}

/* A section without bytes is as if it were not there. */
static void
test_empty_section (void)
{
  /* texts, first-equal, sources */
  static const guint32 ids[] = { 10, 9, 12 };

  for (guint k = 0; k < G_N_ELEMENTS (ids); k++) {
    PfGlossary *rich = pf_test_rich_glossary (), *image;
    g_autoptr (GByteArray) bytes = pf_test_image_of (rich);
    PfImageRow *row = pf_test_image_row (bytes, ids[k]);
    PfTestCopy copy;

    row->offset = (bytes->len + 63) / 64 * 64;
    row->len = 0;
    g_byte_array_set_size (bytes,
                           (guint)pf_test_image_row (bytes, ids[k])->offset);
    *(guint64 *)(gpointer)(bytes->data + 32) = bytes->len;
    pf_test_image_seal (bytes);
    pf_test_copy_init (&copy, bytes->data, bytes->len);
    image = open_ok (pf_test_copy_span (&copy));
    g_free (pf_test_show (image));
    g_assert_false (pf_image_check (image, NULL));
    pf_glossary_unref (image);
    pf_glossary_unref (rich);
    pf_test_copy_clear (&copy);
  }
}

/* Entries without sources. */
static void
test_no_sources (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);
  g_autofree char *seen = NULL;

  pf_test_image_row (bytes, 12)->id = pf_test_image_row (bytes, 13)->id = 4711;
  pf_test_image_row (bytes, 4711)->id = 4712;
  pf_test_image_seal (bytes);
  seen = check_image (bytes);
  g_assert_nonnull (seen);
  g_assert_nonnull (strstr (seen, "sources"));
  pf_glossary_unref (rich);
}

/* Filters may hold more than they must, but not less. */
static void
test_filters (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);

  for (guint32 id = 2; id <= 3; id++) {
    PfImageRow *row = pf_test_image_row (bytes, id);
    guint8 *data = bytes->data + row->offset;
    g_autofree guint8 *kept = g_memdup2 (data, row->len);
    g_autofree char *full = NULL, *empty = NULL;

    memset (data, 0xFF, row->len);
    pf_test_image_seal (bytes);
    full = check_image (bytes);
    g_assert_null (full);
    memset (data, 0, row->len);
    pf_test_image_seal (bytes);
    empty = check_image (bytes);
    g_assert_nonnull (empty);
    g_assert_nonnull (strstr (empty, id == 2 ? "filter" : "chains"));
    memcpy (data, kept, row->len);
  }
  pf_glossary_unref (rich);
}

static void
check_unopened (const char *path, PfStatus status, const char *message)
{
  g_auto (PfError) error = { 0 };

  g_assert_null (pf_image_open (path, &(PfSourceRules){ 0 }, NULL, &error));
  g_assert_cmpint (error.status, ==, status);
  if (message != NULL)
    g_assert_cmpstr (error.message, ==, message);
}

static void
test_files (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("pf-image-XXXXXX", &path, NULL);
  PfGlossary *rich = pf_test_rich_glossary (), *image;
  g_autofree char *expected = pf_test_show (rich), *seen = NULL;

  check_unopened ("/nonexistent/x", PF_STATUS_NO_INPUT, NULL);
  check_unopened ("/", PF_STATUS_NO_INPUT, NULL);
  check_unopened ("/dev/null", PF_STATUS_DATA,
                  "an image must be a regular file");
  check_unopened (path, PF_STATUS_DATA, "not a glossary image");
  g_assert_true (pf_image_write (rich, NULL, fd, NULL));
  image = pf_image_open (path, &(PfSourceRules){ 0 }, NULL, NULL);
  seen = pf_test_show (image);
  g_assert_cmpstr (seen, ==, expected);
  pf_glossary_unref (image);
  pf_glossary_unref (rich);
  close (fd);
  unlink (path);
}

/* What nobody knows is passed over, for what later versions add. */
static void
test_unknown_section (void)
{
  PfGlossary *rich = pf_test_rich_glossary ();
  g_autoptr (GByteArray) bytes = pf_test_image_of (rich);

  pf_test_image_row (bytes, 6)->id = 4711; /* shapes, which may be missing */
  pf_test_image_seal (bytes);
  g_assert_null (refusal (bytes->data, bytes->len));
  pf_glossary_unref (rich);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/round-trip", test_round_trip);
  g_test_add_func ("/image/rules", test_rules);
  g_test_add_func ("/image/truncated", test_truncated);
  g_test_add_func ("/image/header", test_header);
  g_test_add_func ("/image/refused", test_refused);
  g_test_add_func ("/image/checksums", test_checksums);
  g_test_add_func ("/image/invariants", test_invariants);
  g_test_add_func ("/image/items", test_items);
  g_test_add_func ("/image/empty-section", test_empty_section);
  g_test_add_func ("/image/no-sources", test_no_sources);
  g_test_add_func ("/image/filters", test_filters);
  g_test_add_func ("/image/files", test_files);
  g_test_add_func ("/image/unknown-section", test_unknown_section);
  return g_test_run ();
}
