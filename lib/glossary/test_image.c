#include "glossary/test_image.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "glossary/format.h"

guint
pf_test_below (GRand *random, guint n)
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

  for (guint n = pf_test_below (random, max + 1); n > 0; n--)
    g_string_append (text, units[pf_test_below (random, G_N_ELEMENTS (units))]);
  return g_string_free (text, FALSE);
}

static void
add_random (GRand *random, PfGlossaryBuilder *builder, gboolean texts)
{
  g_autofree char *term = random_text (random, 6);
  g_autofree char *value = random_text (random, 3);
  g_autofree char *label = random_text (random, 1);
  PfEntry entry = { .term = pf_span_str (term),
                    .case_rule = (PfCase)pf_test_below (random, 3),
                    .boundary = (PfBoundary)pf_test_below (
                        random, PF_BOUNDARY_SUBWORD + 1) };
  g_auto (PfError) error = { 0 };

  if (texts)
    entry.value = pf_span_str (value), entry.label = pf_span_str (label);
  if (!pf_glossary_builder_add (builder, &entry, &error))
    g_assert_cmpstr (error.message, ==, "empty term");
}

PfGlossary *
pf_test_random_glossary (GRand *random)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  gboolean texts = pf_test_below (random, 4) > 0;

  for (guint k = pf_test_below (random, 4); k > 0; k--) {
    PfSourceRules rules = {
      .case_rule = (PfCase)pf_test_below (random, 3),
      .default_case = (PfCase)pf_test_below (random, 3),
      .default_boundary = pf_test_below (random, 2) == 0 ? PF_BOUNDARY_SUBWORD
                                                         : PF_BOUNDARY_WORD,
      .label = pf_span_str (pf_test_below (random, 2) ? "given" : "")
    };

    pf_glossary_builder_begin (builder, k % 2 ? "odd.tsv" : "", &rules);
    for (guint n = pf_test_below (random, 60); n > 0; n--)
      add_random (random, builder, texts);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

/* A small glossary with a bit of everything. */
PfGlossary *
pf_test_rich_glossary (void)
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

GByteArray *
pf_test_image_of (const PfGlossary *glossary)
{
  return pf_test_image_with (glossary, NULL);
}

GByteArray *
pf_test_image_with (const PfGlossary *glossary, const PfSpan *anywhere)
{
  int fd = memfd_create ("image", MFD_CLOEXEC);
  GByteArray *bytes = g_byte_array_new ();
  g_auto (PfError) error = { 0 };
  off_t len;

  g_assert_true (pf_image_write (glossary, anywhere, fd, &error));
  len = lseek (fd, 0, SEEK_END);
  g_byte_array_set_size (bytes, (guint)len);
  g_assert_cmpint (pread (fd, bytes->data, (gsize)len, 0), ==, len);
  close (fd);
  return bytes;
}

void
pf_test_copy_init (PfTestCopy *self, const guint8 *bytes, gsize len)
{
  gsize page = (gsize)sysconf (_SC_PAGESIZE);
  gsize room =
      (len + PF_IMAGE_ALIGNMENT - 1) / PF_IMAGE_ALIGNMENT * PF_IMAGE_ALIGNMENT;

  *self = (PfTestCopy){ .len = len };
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

void
pf_test_copy_clear (PfTestCopy *self)
{
  if (self->pages != NULL)
    munmap (self->pages, self->pages_len);
  else
    free (self->data);
}

PfSpan
pf_test_copy_span (const PfTestCopy *self)
{
  return (PfSpan){ self->data, self->len };
}

char *
pf_test_show (const PfGlossary *glossary)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);
    PfSpan term = pf_glossary_term (glossary, entry.term_id);

    g_string_append_len (out, (const char *)entry.glossary.data,
                         (gssize)entry.glossary.len);
    g_string_append_printf (out, " %u %u %u ", entry.term_id,
                            pf_glossary_default_case (glossary, i),
                            pf_glossary_default_boundary (glossary, i));
    g_string_append_len (out, (const char *)term.data, (gssize)term.len);
    g_string_append_c (out, ' ');
    pf_tsv_write (out, &entry);
  }
  return g_string_free (out, FALSE);
}

GRand *
pf_test_seeded (void)
{
  guint32 seed = (guint32)g_test_rand_int ();

  g_test_message ("seed %u", seed);
  return g_rand_new_with_seed (seed);
}

/* The row of section ID, or NULL. */
PfImageRow *
pf_test_image_row (GByteArray *bytes, guint32 id)
{
  PfImageRow *rows = (PfImageRow *)(gpointer)(bytes->data + PF_TEST_HEADER);
  guint32 n = *(guint32 *)(gpointer)(bytes->data + 40);

  for (guint i = 0; i < n; i++)
    if (rows[i].id == id)
      return &rows[i];
  return NULL;
}

/* Makes all checksums right again. */
void
pf_test_image_seal (GByteArray *bytes)
{
  PfImageRow *rows = (PfImageRow *)(gpointer)(bytes->data + PF_TEST_HEADER);
  guint32 n = *(guint32 *)(gpointer)(bytes->data + 40);

  for (guint i = 0; i < n; i++)
    rows[i].checksum = XXH3_64bits (bytes->data + rows[i].offset, rows[i].len);
  pf_container_seal (bytes->data);
}
