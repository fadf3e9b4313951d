/* What comes out of packed streams, of broken ones, and of bombs. */
#include "base/unpack.h"

#include <string.h>

#include "base/test_feed.h"

typedef struct {
  const char *given;
  gsize len;
  PfPacking expected;
} Begin;

#define BEGIN(text, packing)                                                   \
  {                                                                            \
    text, sizeof text - 1, packing                                             \
  }

static void
test_begins (void)
{
  static const Begin rows[] = {
    BEGIN ("", PF_PACKING_NONE),
    BEGIN ("a term\n", PF_PACKING_NONE),
    BEGIN ("\x1F\x8B", PF_PACKING_NONE),
    BEGIN ("\x1F\x8B\x08", PF_PACKING_GZIP),
    BEGIN ("\x1F\x8B\x07\0\0\0\0\0\0\0", PF_PACKING_NONE),
    BEGIN ("BZh91AY&SY", PF_PACKING_BZIP2),
    BEGIN ("BZh9\x17\x72\x45\x38\x50\x90", PF_PACKING_BZIP2),
    BEGIN ("BZhang Wei", PF_PACKING_NONE),
    BEGIN ("BZh91AY&S", PF_PACKING_NONE),
    BEGIN ("\xFD"
           "7zXZ\0",
           PF_PACKING_XZ),
    BEGIN ("\xFD"
           "7zXZ",
           PF_PACKING_NONE),
    BEGIN ("\x28\xB5\x2F\xFD", PF_PACKING_ZSTD),
    BEGIN ("\x04\x22\x4D\x18", PF_PACKING_LZ4),
    BEGIN ("PK\x03\x04", PF_PACKING_NONE),
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PfSpan begin = { (const guint8 *)rows[i].given, rows[i].len };

    g_assert_cmpint (pf_packing_of (begin), ==, rows[i].expected);
  }
}

static void
test_strip (void)
{
  static const char *const rows[][2] = {
    { "a.tsv.gz", "a.tsv" }, { "a.bz2", "a" },
    { "a.csv.xz", "a.csv" }, { "a.jsonl.zst", "a.jsonl" },
    { "a.lz4", "a" },        { "a.tsv", "a.tsv" },
    { "a.gz.gz", "a.gz" },   { ".gz", ".gz" },
    { "agz", "agz" },        { "", "" },
    { "a.GZ", "a.GZ" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PfSpan left = pf_packing_strip (pf_span_str (rows[i][0]));

    g_assert_cmpmem (left.data, left.len, rows[i][1], strlen (rows[i][1]));
  }
}

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>

typedef int (*AddFilter) (struct archive *);

static const struct {
  PfPacking packing;
  AddFilter filter;
} kinds[] = { { PF_PACKING_GZIP, archive_write_add_filter_gzip },
              { PF_PACKING_BZIP2, archive_write_add_filter_bzip2 },
              { PF_PACKING_XZ, archive_write_add_filter_xz },
              { PF_PACKING_ZSTD, archive_write_add_filter_zstd },
              { PF_PACKING_LZ4, archive_write_add_filter_lz4 } };

/* Appends TEXT, packed, to OUT. */
static void
pack (GByteArray *out, AddFilter filter, const char *text, gsize len)
{
  static const guint8 empty_lz4[] = { 0x04, 0x22, 0x4D, 0x18, 0x64,
                                      0x40, 0xA7, 0,    0,    0,
                                      0,    0x05, 0x5D, 0xCC, 0x02 };
  gsize room = len + len / 2 + ((gsize)1 << 20), used = 0;
  g_autofree guint8 *to = g_malloc (room);
  struct archive *archive = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();

  /* libarchive 3.6 itself fails to write that. */
  if (len == 0 && filter == archive_write_add_filter_lz4) {
    g_byte_array_append (out, empty_lz4, sizeof empty_lz4);
    archive_entry_free (entry);
    archive_write_free (archive);
    return;
  }
  g_assert_cmpint (filter (archive), ==, ARCHIVE_OK);
  archive_write_set_format_raw (archive);
  archive_write_set_bytes_in_last_block (archive, 1);
  archive_write_open_memory (archive, to, room, &used);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_write_header (archive, entry);
  g_assert_cmpint (archive_write_data (archive, text, len), ==, (gssize)len);
  archive_entry_free (entry);
  archive_write_close (archive);
  archive_write_free (archive);
  g_byte_array_append (out, to, (guint)used);
}

/* All that can be read; what ended it is in ERROR. */
static GString *
unpack (PfTestFeed *from, const PfUnpackOptions *given, gsize room,
        PfError *error)
{
  PfUnpackOptions options = *given;
  g_autoptr (PfUnpack) unpacker = NULL;
  g_autofree guint8 *block = g_malloc (room);
  GString *out = g_string_new (NULL);
  PfByteSource bytes;
  gssize n;

  options.bytes = (PfByteSource){ pf_test_feed, from };
  unpacker = pf_unpack_new (&options, error);
  g_assert_nonnull (unpacker);
  bytes = pf_unpack_bytes (unpacker);
  while ((n = pf_byte_source_read (&bytes, block, room, error)) > 0)
    g_string_append_len (out, (const char *)block, n);
  g_assert_cmpint (n < 0, ==, pf_error_is_set (error));
  if (n == 0)
    g_assert_cmpint (pf_byte_source_read (&bytes, block, room, error), ==, 0);
  return out;
}

static PfTestFeed
feed_of (const GByteArray *bytes, gsize step)
{
  return (PfTestFeed){ .data = { bytes->data, bytes->len }, .step = step };
}

static GString *
make_text (gsize n)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "word%" G_GSIZE_FORMAT "\n", i * 7919);
  return text;
}

static void
check_text (guint kind, const GString *text, gsize step, gsize room)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  PfUnpackOptions options = { .packing = kinds[kind].packing };
  g_auto (PfError) error = { 0 };
  PfTestFeed from;
  GString *out;

  pack (packed, kinds[kind].filter, text->str, text->len);
  g_assert_cmpint (pf_packing_of ((PfSpan){ packed->data, packed->len }), ==,
                   kinds[kind].packing);
  from = feed_of (packed, step);
  out = unpack (&from, &options, room, &error);
  g_assert_cmpstr (error.message, ==, NULL);
  g_assert_true (g_string_equal (out, text));
  g_string_free (out, TRUE);
}

static void
test_texts (void)
{
  static const gsize sizes[] = { 0, 1, 100, 40000 };

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      GString *text = make_text (sizes[i]);

      check_text (kind, text, G_MAXSIZE, 65536);
      check_text (kind, text, 1, 1000);
      check_text (kind, text, 77, 1);
      g_string_free (text, TRUE);
    }
}

/* As `cat a.gz b.gz` makes them. */
static void
test_members (void)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    g_autoptr (GByteArray) packed = g_byte_array_new ();
    PfUnpackOptions options = { .packing = kinds[kind].packing };
    g_auto (PfError) error = { 0 };
    PfTestFeed from;
    GString *out;

    pack (packed, kinds[kind].filter, "one\n", 4);
    pack (packed, kinds[kind].filter, "two\n", 4);
    from = feed_of (packed, 3);
    out = unpack (&from, &options, 100, &error);
    g_assert_cmpstr (error.message, ==, NULL);
    g_assert_cmpstr (out->str, ==, "one\ntwo\n");
    g_string_free (out, TRUE);
  }
}

static void
check_behind (guint kind, const char *text, const guint8 *behind, gsize len,
              gsize step)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  PfUnpackOptions options = { .packing = kinds[kind].packing };
  g_auto (PfError) error = { 0 };
  PfTestFeed from;
  GString *out;

  pack (packed, kinds[kind].filter, text, strlen (text));
  g_byte_array_append (packed, behind, (guint)len);
  from = feed_of (packed, step);
  out = unpack (&from, &options, 100, &error);
  g_assert_cmpint (error.status, ==,
                   behind[len - 1] == 0 ? PF_STATUS_OK : PF_STATUS_DATA);
  if (kinds[kind].packing != PF_PACKING_XZ &&
      kinds[kind].packing != PF_PACKING_ZSTD)
    g_assert_cmpstr (out->str, ==, text);
  g_string_free (out, TRUE);
}

/* Garbage is damage, but zeros fill blocks; zstd's reader takes none. */
static void
test_behind (void)
{
  static const gsize steps[] = { 1, 13, G_MAXSIZE };
  g_autofree guint8 *zeros = g_malloc0 (200001);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (kinds) * G_N_ELEMENTS (steps); i++) {
    const char *text = i % 2 == 0 ? "" : "one\n";
    guint kind = i / 2 % G_N_ELEMENTS (kinds);
    gsize step = steps[i / 2 / G_N_ELEMENTS (kinds)];

    zeros[200000] = 1;
    if (kinds[kind].packing != PF_PACKING_ZSTD) {
      check_behind (kind, text, zeros, 1000, step);
      check_behind (kind, text, zeros, 200000, step);
    }
    check_behind (kind, text, zeros, 200001, step);
    check_behind (kind, text, (const guint8 *)"some garbage", 12, step);
    check_behind (kind, text, (const guint8 *)"BZh91", 5, step);
  }
}

/* What comes before the end of a stream that was cut off is there, then an
 * error. */
static void
test_cut_off (void)
{
  GString *text = make_text (20000);

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    g_autoptr (GByteArray) packed = g_byte_array_new ();
    PfUnpackOptions options = { .packing = kinds[kind].packing };
    gsize got = 0;

    pack (packed, kinds[kind].filter, text->str, text->len);
    for (gsize len = PF_PACKING_BYTES; len < packed->len;
         len += MAX (1, (packed->len - len) / 8)) {
      g_auto (PfError) error = { 0 };
      PfTestFeed from = feed_of (packed, 100);
      GString *out;

      from.data.len = len;
      out = unpack (&from, &options, 1000, &error);
      g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
      g_assert_true (out->len <= text->len &&
                     memcmp (out->str, text->str, out->len) == 0);
      g_assert_true (out->len >= got);
      got = out->len;
      g_string_free (out, TRUE);
    }
    g_assert_cmpuint (got, >, 0);
  }
  g_string_free (text, TRUE);
}

/* Anything may come of flipped bits, but an end; of gzip, whose writer always
 * adds a checksum, only the text or an error. */
static void
test_flipped (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GString *text = make_text (500);

  g_test_message ("seed %u", seed);
  for (guint n = 0; n < 300; n++) {
    guint kind = n % G_N_ELEMENTS (kinds);
    g_autoptr (GByteArray) packed = g_byte_array_new ();
    PfUnpackOptions options = { .packing = kinds[kind].packing };
    g_auto (PfError) error = { 0 };
    PfTestFeed from;
    guint at;
    GString *out;

    pack (packed, kinds[kind].filter, text->str, text->len);
    at = (guint)g_rand_int_range (random, 0, (gint32)packed->len);
    packed->data[at] ^= (guint8)(1u << n % 8);
    from = feed_of (packed, 100);
    out = unpack (&from, &options, 1000, &error);
    g_assert_true (kinds[kind].packing != PF_PACKING_GZIP ||
                   pf_error_is_set (&error) || g_string_equal (out, text));
    g_string_free (out, TRUE);
  }
  g_string_free (text, TRUE);
}

/* The error of what is packed is the error. */
static void
test_read_error (void)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  GString *text = make_text (3000), *out;

  pack (packed, kinds[0].filter, text->str, text->len);
  for (gsize len = 0; len < packed->len; len += packed->len / 5) {
    PfUnpackOptions options = { .packing = PF_PACKING_GZIP };
    g_auto (PfError) error = { 0 };
    PfTestFeed from = feed_of (packed, 1000);

    from.data.len = len;
    from.failure = "no more";
    out = unpack (&from, &options, 1000, &error);
    g_assert_cmpint (error.status, ==, PF_STATUS_IO);
    g_assert_cmpstr (error.message, ==, "no more");
    g_string_free (out, TRUE);
  }
  g_string_free (text, TRUE);
}

static void
check_bomb (const PfUnpackOptions *options, const char *expected)
{
  g_autofree char *zeros = g_malloc0 ((gsize)1 << 20);
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_auto (PfError) error = { 0 };
  PfTestFeed from;
  GString *out;

  pack (packed, kinds[0].filter, zeros, (gsize)1 << 20);
  from = feed_of (packed, 100);
  out = unpack (&from, options, 4096, &error);
  g_assert_cmpstr (error.message, ==, expected);
  if (expected != NULL)
    g_assert_cmpuint (out->len, <, (gsize)1 << 20);
  else
    g_assert_cmpuint (out->len, ==, (gsize)1 << 20);
  g_string_free (out, TRUE);
}

static void
test_bombs (void)
{
  PfUnpackOptions by_default = { .packing = PF_PACKING_GZIP };
  PfUnpackOptions ratio = { .packing = PF_PACKING_GZIP,
                            .free = 100000,
                            .ratio = 100 };
  PfUnpackOptions most = { .packing = PF_PACKING_GZIP, .most = 1000000 };

  check_bomb (&by_default, NULL);
  check_bomb (&ratio, "gzip data comes to more than 100 times its size; to "
                      "use it all the same, unpack it first");
  ratio.ratio = 2000;
  check_bomb (&ratio, NULL);
  check_bomb (&most, "gzip data comes to more than 0 MiB");
  most.most = 1 << 20;
  check_bomb (&most, NULL);
}

static void
add_reading (void)
{
  g_test_add_func ("/unpack/texts", test_texts);
  g_test_add_func ("/unpack/members", test_members);
  g_test_add_func ("/unpack/behind", test_behind);
  g_test_add_func ("/unpack/cut-off", test_cut_off);
  g_test_add_func ("/unpack/flipped", test_flipped);
  g_test_add_func ("/unpack/read-error", test_read_error);
  g_test_add_func ("/unpack/bombs", test_bombs);
}

#else

static void
test_lacking (void)
{
  PfUnpackOptions options = { .packing = PF_PACKING_XZ };
  g_auto (PfError) error = { 0 };

  g_assert_null (pf_unpack_new (&options, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
  g_assert_cmpstr (
      error.message, ==,
      "xz data; reading it needs libarchive, which this build lacks");
}

static void
add_reading (void)
{
  g_test_add_func ("/unpack/lacking", test_lacking);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unpack/begins", test_begins);
  g_test_add_func ("/unpack/strip", test_strip);
  add_reading ();
  return g_test_run ();
}
