/* Images come back as they were, and no bytes at all do harm. */
#include "glossary/image.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "glossary/container.h"
#include "glossary/format.h"
#include "match/matcher.h"
#include "text/word.h"

#define HEADER 64 /* bytes; rows of the table follow */

static guint
below (GRand *random, guint n)
{
  return (guint)g_rand_int_range (random, 0, (gint32)n);
}

/* Few letters, so that terms repeat and tokens share beginnings. */
static const char *const units[] = { "a",  "B",      "ab", " ",      "+",
                                     ".",  "\u00E9", "c",  "\u4E2D", "\u212A",
                                     "\n", "longer", "_",  "7" };

static char *
random_text (GRand *random, guint max)
{
  GString *text = g_string_new ("");

  for (guint n = below (random, max + 1); n > 0; n--)
    g_string_append (text, units[below (random, G_N_ELEMENTS (units))]);
  return g_string_free (text, FALSE);
}

static void
add_random (GRand *random, PfGlossaryBuilder *builder, gboolean texts)
{
  g_autofree char *term = random_text (random, 6);
  g_autofree char *value = random_text (random, 3);
  g_autofree char *label = random_text (random, 1);
  PfEntry entry = { .term = pf_span_str (term),
                    .case_rule = (PfCase)below (random, 3),
                    .boundary = (PfBoundary)below (random, 5) };
  g_auto (PfError) error = { 0 };

  if (texts)
    entry.value = pf_span_str (value), entry.label = pf_span_str (label);
  if (!pf_glossary_builder_add (builder, &entry, &error))
    g_assert_cmpstr (error.message, ==, "empty term");
}

static PfGlossary *
random_glossary (GRand *random)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  gboolean texts = below (random, 4) > 0;

  for (guint k = below (random, 4); k > 0; k--) {
    PfSourceRules rules = { .case_rule = (PfCase)below (random, 3),
                            .default_case = (PfCase)below (random, 3),
                            .label = pf_span_str (below (random, 2) ? "given"
                                                                    : "") };

    pf_glossary_builder_begin (builder, k % 2 ? "odd.tsv" : "", &rules);
    for (guint n = below (random, 60); n > 0; n--)
      add_random (random, builder, texts);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

/* A small glossary with a bit of everything. */
static PfGlossary *
rich_glossary (void)
{
  static const PfEntry entries[] = {
    { .term = { (const guint8 *)"alpha", 5 },
      .value = { (const guint8 *)"1", 1 } },
    { .term = { (const guint8 *)"C++", 3 },
      .label = { (const guint8 *)"language", 8 } },
    { .term = { (const guint8 *)"alpha", 5 },
      .value = { (const guint8 *)"2", 1 } },
    { .term = { (const guint8 *)"+", 1 } },
    { .term = { (const guint8 *)"one two three", 13 },
      .case_rule = PF_CASE_IGNORE },
    { .term = { (const guint8 *)"inside", 6 }, .boundary = PF_BOUNDARY_NONE },
  };
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  pf_glossary_builder_begin (builder, "rich", &(PfSourceRules){ 0 });
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_assert_true (pf_glossary_builder_add (builder, &entries[i], NULL));
  return pf_glossary_builder_seal (builder, NULL);
}

static GByteArray *
image_of (const PfGlossary *glossary)
{
  int fd = memfd_create ("image", MFD_CLOEXEC);
  GByteArray *bytes = g_byte_array_new ();
  g_auto (PfError) error = { 0 };
  off_t len;

  g_assert_true (pf_image_write (glossary, fd, &error));
  len = lseek (fd, 0, SEEK_END);
  g_byte_array_set_size (bytes, (guint)len);
  g_assert_cmpint (pread (fd, bytes->data, (gsize)len, 0), ==, len);
  close (fd);
  return bytes;
}

/* A copy of BYTES behind whose last one, up to alignment, nothing can be read;
 * AddressSanitizer sees that by itself, and to the byte. */
typedef struct {
  guint8 *data;
  gsize len;
  guint8 *pages;
  gsize pages_len;
} Copy;

static void
copy_init (Copy *self, const guint8 *bytes, gsize len)
{
  gsize page = (gsize)sysconf (_SC_PAGESIZE);
  gsize room =
      (len + PF_IMAGE_ALIGNMENT - 1) / PF_IMAGE_ALIGNMENT * PF_IMAGE_ALIGNMENT;

  *self = (Copy){ .len = len };
  if (g_getenv ("PF_SANITIZER") != NULL) {
    g_assert_cmpint (
        posix_memalign ((void **)&self->data, PF_IMAGE_ALIGNMENT, MAX (len, 1)),
        ==, 0);
  } else {
    self->pages_len = (room + page - 1) / page * page + 2 * page;
    self->pages = mmap (NULL, self->pages_len, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    g_assert_true (self->pages != MAP_FAILED);
    mprotect (self->pages + page, self->pages_len - 2 * page,
              PROT_READ | PROT_WRITE);
    self->data = self->pages + self->pages_len - page - room;
  }
  if (len > 0)
    memcpy (self->data, bytes, len);
}

static void
copy_clear (Copy *self)
{
  if (self->pages != NULL)
    munmap (self->pages, self->pages_len);
  else
    free (self->data);
}

static PfSpan
copy_span (const Copy *self)
{
  return (PfSpan){ self->data, self->len };
}

static char *
show (const PfGlossary *glossary)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);
    PfSpan term = pf_glossary_term (glossary, entry.term_id);

    g_string_append_len (out, (const char *)entry.glossary.data,
                         (gssize)entry.glossary.len);
    g_string_append_printf (out, " %u %u ", entry.term_id,
                            pf_glossary_default_case (glossary, i));
    g_string_append_len (out, (const char *)term.data, (gssize)term.len);
    g_string_append_c (out, ' ');
    pf_tsv_write (out, &entry);
  }
  return g_string_free (out, FALSE);
}

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
  g_autoptr (GByteArray) bytes = image_of (glossary), again = NULL;
  g_autofree char *expected = show (glossary), *seen = NULL;
  PfGlossary *image, *copied;
  Copy copy;

  check_ok (glossary);
  copy_init (&copy, bytes->data, bytes->len);
  image = open_ok (copy_span (&copy));
  seen = show (image);
  g_assert_cmpstr (seen, ==, expected);
  check_ok (image);
  copied = rebuilt (image);
  again = image_of (copied);
  g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
  pf_glossary_unref (copied);
  pf_glossary_unref (image);
  copy_clear (&copy);
}

static GRand *
seeded (void)
{
  guint32 seed = (guint32)g_test_rand_int ();

  g_test_message ("seed %u", seed);
  return g_rand_new_with_seed (seed);
}

static guint
rounds (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 10 : n;
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) random = seeded ();
  PfGlossary *rich = rich_glossary ();

  check_round_trip (rich);
  pf_glossary_unref (rich);
  for (guint n = 0; n < rounds (300); n++) {
    PfGlossary *glossary = random_glossary (random);
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
  PfGlossary *rich = rich_glossary (), *image, *copied;
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (GByteArray) bytes = image_of (rich);
  g_autofree char *before = NULL, *after = NULL;
  PfSourceRules rules = { .case_rule = PF_CASE_EXACT,
                          .boundary = PF_BOUNDARY_HOST,
                          .label = pf_span_str ("mine") };
  Copy copy;

  copy_init (&copy, bytes->data, bytes->len);
  image = pf_image_open_bytes (copy_span (&copy), &rules, NULL);
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
  before = show (image);
  after = show (copied);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (pf_glossary_rules (copied).case_rule, ==, PF_CASE_UNSET);
  pf_glossary_unref (copied);
  pf_glossary_unref (image);
  pf_glossary_unref (rich);
  copy_clear (&copy);
}

/* Why BYTES are refused; NULL: they are not. */
static char *
refusal (const guint8 *bytes, gsize len)
{
  PfError error = { 0 };
  PfGlossary *image;
  Copy copy;

  copy_init (&copy, bytes, len);
  image =
      pf_image_open_bytes (copy_span (&copy), &(PfSourceRules){ 0 }, &error);
  g_assert_true ((image == NULL) == (error.status == PF_STATUS_DATA));
  pf_glossary_unref (image);
  copy_clear (&copy);
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
  PfGlossary *rich = rich_glossary ();
  g_autoptr (GByteArray) bytes = image_of (rich);

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
  PfGlossary *rich = rich_glossary ();
  g_autoptr (GByteArray) bytes = image_of (rich);
  gsize n_sections = *(guint32 *)(gpointer)(bytes->data + 40);

  for (gsize i = 0; i < HEADER + 32 * n_sections; i++) {
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
    { 12, PF_IMAGE_VERSION + 1, 4, "format version 2, not 1: build it again" },
    { 16, 0x302E302E3431, 8, "for Unicode 14.0.0, not " },
    { 32, 100, 8, "damaged" },
    { 32, G_MAXUINT64, 8, "truncated" },
    { 40, 0, 4, "a section has a wrong size" },
    { 40, PF_IMAGE_SECTIONS_MAX + 1, 4, "damaged" },
    { HEADER + 0, 77, 4, "a section has a wrong size" },
    { HEADER + 8, 1 << 20, 8, "section 1 is not in it" },
    { HEADER + 8, 0, 8, "section 1 is not in it" },
    { HEADER + 8, G_MAXUINT64 - 63, 8, "section 1 is not in it" },
    { HEADER + 16, G_MAXUINT64, 8, "section 1 is not in it" },
    { HEADER + 16, 39, 8, "a section has a wrong size" },
  };
  PfGlossary *rich = rich_glossary ();

  for (gsize i = 0; i < G_N_ELEMENTS (patches); i++) {
    g_autoptr (GByteArray) bytes = image_of (rich);

    memcpy (bytes->data + patches[i].at, &patches[i].value, patches[i].len);
    if (patches[i].at != 40 || patches[i].value <= PF_IMAGE_SECTIONS_MAX)
      pf_container_seal (bytes->data);
    assert_refused (bytes, patches[i].why);
  }
  pf_glossary_unref (rich);
}

/* The row of section ID, or NULL. */
static PfImageRow *
row_of (GByteArray *bytes, guint32 id)
{
  PfImageRow *rows = (PfImageRow *)(gpointer)(bytes->data + HEADER);
  guint32 n = *(guint32 *)(gpointer)(bytes->data + 40);

  for (guint i = 0; i < n; i++)
    if (rows[i].id == id)
      return &rows[i];
  return NULL;
}

/* Makes all checksums right again. */
static void
seal (GByteArray *bytes)
{
  PfImageRow *rows = (PfImageRow *)(gpointer)(bytes->data + HEADER);
  guint32 n = *(guint32 *)(gpointer)(bytes->data + 40);

  for (guint i = 0; i < n; i++)
    rows[i].checksum = XXH3_64bits (bytes->data + rows[i].offset, rows[i].len);
  pf_container_seal (bytes->data);
}

static char *
check_image (const GByteArray *bytes)
{
  PfError error = { 0 };
  PfGlossary *image;
  Copy copy;

  copy_init (&copy, bytes->data, bytes->len);
  image =
      pf_image_open_bytes (copy_span (&copy), &(PfSourceRules){ 0 }, &error);
  if (image != NULL)
    g_assert_true (pf_image_check (image, &error) == (error.message == NULL));
  pf_glossary_unref (image);
  copy_clear (&copy);
  return error.message;
}

/* Damage anywhere in a section is found by its checksum. */
static void
test_checksums (void)
{
  PfGlossary *rich = rich_glossary ();
  g_autoptr (GByteArray) bytes = image_of (rich);

  for (guint32 id = 1; id <= 13; id++) {
    PfImageRow *row = row_of (bytes, id);
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

/* So is damage under right checksums, in all sections where each bit has a
 * meaning that another tells, too. */
static void
test_invariants (void)
{
  /* buckets, items' numbers, loose, item-of, first-equal, sources */
  static const guint32 ids[] = { 4, 7, 8, 9 };
  PfGlossary *rich = rich_glossary ();
  g_autoptr (GByteArray) bytes = image_of (rich);

  for (guint k = 0; k < G_N_ELEMENTS (ids); k++) {
    PfImageRow *row = row_of (bytes, ids[k]);

    for (gsize bit = 0; bit < 8 * row->len; bit++) {
      g_autofree char *seen = NULL;
      guint8 *byte = bytes->data + row->offset + bit / 8;

      *byte ^= (guint8)(1u << bit % 8);
      seal (bytes);
      seen = check_image (bytes);
      if (seen == NULL)
        g_error ("section %u, bit %" G_GSIZE_FORMAT, ids[k], bit);
      *byte ^= (guint8)(1u << bit % 8);
    }
  }
  seal (bytes);
  g_assert_null (check_image (bytes));
  pf_glossary_unref (rich);
}

/* Filters may hold more than they must, but not less. */
static void
test_filters (void)
{
  PfGlossary *rich = rich_glossary ();
  g_autoptr (GByteArray) bytes = image_of (rich);

  for (guint32 id = 2; id <= 3; id++) {
    PfImageRow *row = row_of (bytes, id);
    guint8 *data = bytes->data + row->offset;
    g_autofree guint8 *kept = g_memdup2 (data, row->len);
    g_autofree char *full = NULL, *empty = NULL;

    memset (data, 0xFF, row->len);
    seal (bytes);
    full = check_image (bytes);
    g_assert_null (full);
    memset (data, 0, row->len);
    seal (bytes);
    empty = check_image (bytes);
    g_assert_nonnull (empty);
    g_assert_nonnull (strstr (empty, id == 2 ? "filter" : "chains"));
    memcpy (data, kept, row->len);
  }
  pf_glossary_unref (rich);
}

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
  g_autofree char *shown = show (image);

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
  for (guint n = 1 + below (random, 4); n > 0; n--) {
    gsize at = from + below (random, (guint)(bytes->len - from));
    guint32 number =
        below (random, 2) ? below (random, 300) : g_rand_int (random);

    switch (below (random, 3)) {
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

/* Moves or resizes a section, within the image. */
static void
damage_table (GRand *random, GByteArray *bytes)
{
  guint32 n = *(guint32 *)(gpointer)(bytes->data + 40);
  PfImageRow *rows = (PfImageRow *)(gpointer)(bytes->data + HEADER);
  PfImageRow *row = &rows[below (random, n)];

  switch (below (random, 3)) {
  case 0:
    row->len = row->len / 8 * below (random, 9);
    break;
  case 1:
    row->offset = below (random, (guint)bytes->len / 64 + 2) * 64;
    break;
  default:
    row->id = 1 + below (random, 14);
  }
  pf_container_seal (bytes->data);
}

static void
use_damaged (const GByteArray *bytes, guint *n_opened)
{
  PfGlossary *image;
  Copy copy;

  copy_init (&copy, bytes->data, bytes->len);
  image = pf_image_open_bytes (copy_span (&copy), &(PfSourceRules){ 0 }, NULL);
  if (image != NULL) {
    ++*n_opened;
    use_image (image);
  }
  pf_glossary_unref (image);
  copy_clear (&copy);
}

static void
test_hostile (void)
{
  g_autoptr (GRand) random = seeded ();
  guint n_opened = 0, n_rounds = rounds (20000);

  for (guint n = 0; n < n_rounds; n++) {
    PfGlossary *glossary = n % 2 ? random_glossary (random) : rich_glossary ();
    g_autoptr (GByteArray) bytes = image_of (glossary);
    guint32 n_sections = *(guint32 *)(gpointer)(bytes->data + 40);
    gsize from = HEADER + n_sections * sizeof (PfImageRow);

    pf_glossary_unref (glossary);
    damage (random, bytes, from);
    if (below (random, 4) == 0)
      damage_table (random, bytes);
    use_damaged (bytes, &n_opened);
  }
  g_assert_cmpuint (n_opened, >, n_rounds / 3);
}

static void
check_unopened (const char *path, PfStatus status, const char *message)
{
  g_auto (PfError) error = { 0 };

  g_assert_null (pf_image_open (path, &(PfSourceRules){ 0 }, &error));
  g_assert_cmpint (error.status, ==, status);
  if (message != NULL)
    g_assert_cmpstr (error.message, ==, message);
}

static void
test_files (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("pf-image-XXXXXX", &path, NULL);
  PfGlossary *rich = rich_glossary (), *image;
  g_autofree char *expected = show (rich), *seen = NULL;

  check_unopened ("/nonexistent/x", PF_STATUS_NO_INPUT, NULL);
  check_unopened ("/", PF_STATUS_NO_INPUT, NULL);
  check_unopened ("/dev/null", PF_STATUS_DATA,
                  "an image must be a regular file");
  check_unopened (path, PF_STATUS_DATA, "not a glossary image");
  g_assert_true (pf_image_write (rich, fd, NULL));
  image = pf_image_open (path, &(PfSourceRules){ 0 }, NULL);
  seen = show (image);
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
  PfGlossary *rich = rich_glossary ();
  g_autoptr (GByteArray) bytes = image_of (rich);

  row_of (bytes, 6)->id = 4711; /* shapes, which may be missing */
  seal (bytes);
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
  g_test_add_func ("/image/filters", test_filters);
  g_test_add_func ("/image/hostile", test_hostile);
  g_test_add_func ("/image/files", test_files);
  g_test_add_func ("/image/unknown-section", test_unknown_section);
  return g_test_run ();
}
