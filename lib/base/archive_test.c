/* What members come out of archives, of broken ones, and of bombs. */
#include "base/archive.h"

#include <string.h>

#include "base/test_feed.h"

static PfArchiveKind
kind_of (const guint8 *bytes, gsize len)
{
  return pf_archive_kind_of ((PfSpan){ bytes, len });
}

static void
test_zip_kind (void)
{
  PfSpan begin = pf_span_str ("PK\3\4 and more");

  g_assert_cmpint (pf_archive_kind_of (begin), ==, PF_ARCHIVE_ZIP);
  g_assert_true (pf_archive_is_told (begin));
  /* A member of tar may have that name. */
  g_assert_false (pf_archive_is_tar_told (begin));
  begin.len = 3;
  g_assert_cmpint (pf_archive_kind_of (begin), ==, PF_ARCHIVE_NONE);
  g_assert_false (pf_archive_is_told (begin));
}

/* A line shows that no more bytes are needed. */
static void
test_text_is_told (void)
{
  PfSpan text = pf_span_str ("a\n");

  g_assert_true (pf_archive_is_told (text));
  g_assert_true (pf_archive_is_tar_told (text));
  text.len = 1;
  g_assert_false (pf_archive_is_told (text));
  g_assert_false (pf_archive_is_tar_told (text));
  text.len = 0;
  g_assert_false (pf_archive_is_told (text));
  g_assert_cmpint (pf_archive_kind_of (text), ==, PF_ARCHIVE_NONE);
}

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>

/* An archive that is made in memory. */
typedef struct {
  guint8 *bytes;
  gsize room, len;
  struct archive *archive;
} Made;

static void
made_begin (Made *self, PfArchiveKind kind, gsize room)
{
  *self = (Made){ .bytes = g_malloc (room), .room = room };
  self->archive = archive_write_new ();
  if (kind == PF_ARCHIVE_TAR)
    archive_write_set_format_pax_restricted (self->archive);
  else
    archive_write_set_format_zip (self->archive);
  archive_write_set_bytes_in_last_block (self->archive, 1);
  archive_write_open_memory (self->archive, self->bytes, room, &self->len);
}

static void
made_add (Made *self, const char *name, guint type, const char *text, gsize len)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, type);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t)len);
  if (type == AE_IFLNK)
    archive_entry_set_symlink (entry, "elsewhere");
  g_assert_cmpint (archive_write_header (self->archive, entry), ==, ARCHIVE_OK);
  if (len > 0)
    g_assert_cmpint (archive_write_data (self->archive, text, len), ==,
                     (gssize)len);
  archive_entry_free (entry);
}

static void
made_end (Made *self)
{
  archive_write_close (self->archive);
  archive_write_free (self->archive);
}

static gboolean
go_to (gpointer user, guint64 at)
{
  PfTestFeed *self = user;

  self->at = (gsize)at;
  return at <= self->data.len;
}

static void
append_text (GString *all, PfArchive *archive, gsize room)
{
  PfByteSource source = pf_archive_bytes (archive);
  g_autofree guint8 *text = g_malloc (room);
  g_auto (PfError) error = { 0 };
  gssize n;

  while ((n = pf_byte_source_read (&source, text, room, &error)) > 0)
    g_string_append_len (all, (const char *)text, n);
  if (n < 0)
    g_string_append_printf (all, "<%s>", error.message);
}

/* "NAME=TEXT;" for each member, and what ended it. */
static char *
list (const PfArchiveOptions *options, gsize room)
{
  GString *all = g_string_new (NULL);
  g_auto (PfError) error = { 0 };
  g_autoptr (PfArchive) archive = pf_archive_new (options, &error);
  const char *name;

  g_assert_nonnull (archive);
  while ((name = pf_archive_next (archive, &error)) != NULL) {
    g_string_append_printf (all, "%s=", name);
    append_text (all, archive, room);
    g_string_append_c (all, ';');
  }
  if (pf_error_is_set (&error))
    g_string_append_printf (all, "<%s>", error.message);
  return g_string_free (all, FALSE);
}

/* With room for a comment. */
static void
make_one (Made *made, PfArchiveKind kind)
{
  made_begin (made, kind, 1 << 18);
  made_add (made, "a", AE_IFREG, "one", 3);
  made_end (made);
}

static void
make_three (Made *made, PfArchiveKind kind)
{
  made_begin (made, kind, 1 << 16);
  made_add (made, "d", AE_IFDIR, NULL, 0);
  made_add (made, "d/a", AE_IFREG, "one", 3);
  made_add (made, "link", AE_IFLNK, NULL, 0);
  made_add (made, "b", AE_IFREG, "", 0);
  made_add (made, "c", AE_IFREG, "three", 5);
  made_end (made);
}

/* However the bytes come, and however they are taken. */
static void
test_members (gconstpointer data)
{
  PfArchiveKind kind = (PfArchiveKind)GPOINTER_TO_INT (data);
  static const gsize steps[] = { 1, 7, 1 << 16 };
  Made made;

  make_three (&made, kind);
  g_assert_cmpint (kind_of (made.bytes, PF_ARCHIVE_BYTES), ==, kind);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (steps); i++) {
    PfTestFeed from = { .data = { made.bytes, made.len },
                        .step = steps[i / 2] };
    PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                                 .kind = kind };
    g_autofree char *seen = NULL;

    if (kind == PF_ARCHIVE_ZIP) {
      options.seek = go_to;
      options.size = made.len;
    }
    seen = list (&options, i % 2 == 0 ? 1 : 100);
    g_assert_cmpstr (seen, ==, "d/a=one;b=;c=three;");
  }
  g_free (made.bytes);
}

/* A zip archive without seeking does not tell its links. */
static void
test_zip_stream (void)
{
  Made made;
  PfTestFeed from = { .step = 100 };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_ZIP };
  g_autofree char *seen = NULL;

  made_begin (&made, PF_ARCHIVE_ZIP, 1 << 16);
  made_add (&made, "a", AE_IFREG, "one", 3);
  made_add (&made, "b", AE_IFREG, "two", 3);
  made_end (&made);
  from.data = (PfSpan){ made.bytes, made.len };
  seen = list (&options, 100);
  g_assert_cmpstr (seen, ==, "a=one;b=two;");
  g_free (made.bytes);
}

static void
test_truncated (void)
{
  Made made;
  PfTestFeed from = { .step = 1 << 16 };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_TAR };

  make_three (&made, PF_ARCHIVE_TAR);
  for (gsize len = 513; len < made.len; len += 97) {
    g_autofree char *seen = NULL;

    from.data = (PfSpan){ made.bytes, len };
    from.at = 0;
    seen = list (&options, 100);
    if (len > 512 + 512 + 3)
      g_assert_true (g_str_has_prefix (seen, "d/a=one"));
    g_assert_true (g_str_has_suffix (seen, ";") ||
                   g_str_has_suffix (seen, ">"));
  }
  g_free (made.bytes);
}

/* All members come, and then it is told. */
static void
test_zip_cut (void)
{
  Made made;
  PfTestFeed from = { .step = 100 };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_ZIP,
                               .seek = go_to };

  make_one (&made, PF_ARCHIVE_ZIP);
  for (gsize n = 1; n < 30; n++) {
    g_autofree char *seen = NULL;

    from.data = (PfSpan){ made.bytes, options.size = made.len - n };
    from.at = 0;
    seen = list (&options, 100);
    g_assert_cmpstr (seen, ==,
                     "a=one;<damaged zip archive: its end is missing>");
  }
  g_free (made.bytes);
}

/* A comment may be as long as its length can tell. */
static void
test_zip_comment (void)
{
  Made made;
  PfTestFeed from = { .step = 1 << 16 };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_ZIP,
                               .seek = go_to };

  make_one (&made, PF_ARCHIVE_ZIP);
  memset (made.bytes + made.len - 2, 0xFF, 2);
  memset (made.bytes + made.len, 'c', 0xFFFF);
  for (guint n = 0; n < 2; n++) {
    g_autofree char *seen = NULL;

    from.data = (PfSpan){ made.bytes, options.size = made.len + 0xFFFF - n };
    from.at = 0;
    seen = list (&options, 100);
    g_assert_cmpstr (
        seen, ==,
        n == 0 ? "a=one;" : "a=one;<damaged zip archive: its end is missing>");
  }
  g_free (made.bytes);
}

/* Also between the two blocks of zeros that end it. */
static void
test_read_error (void)
{
  Made made;
  PfTestFeed from = { .step = 512, .failure = "no more" };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_TAR };

  make_one (&made, PF_ARCHIVE_TAR);
  for (gsize len = 1024; len < 2048; len += 256) {
    g_autofree char *seen = NULL;

    from.data = (PfSpan){ made.bytes, len };
    from.at = 0;
    seen = list (&options, 100);
    g_assert_cmpstr (seen, ==, "a=one;<no more>");
  }
  g_free (made.bytes);
}

static void
test_sum (void)
{
  Made made;

  make_three (&made, PF_ARCHIVE_TAR);
  made.bytes[0]++;
  g_assert_cmpint (kind_of (made.bytes, made.len), ==, PF_ARCHIVE_NONE);
  made.bytes[0]--;
  g_assert_cmpint (kind_of (made.bytes, 511), ==, PF_ARCHIVE_NONE);
  g_free (made.bytes);
}

/* The sum as it must be, as tar writes it. */
static void
set_sum (guint8 *header)
{
  guint sum = 0;

  memset (header + 148, ' ', 8);
  for (guint i = 0; i < PF_ARCHIVE_BYTES; i++)
    sum += header[i];
  g_snprintf ((char *)header + 148, 8, "%06o", sum);
}

static void
check_header (const guint8 *header, guint at, guint8 byte,
              PfArchiveKind expected)
{
  guint8 other[PF_ARCHIVE_BYTES];

  memcpy (other, header, sizeof other);
  other[at] = byte;
  set_sum (other);
  g_assert_cmpint (kind_of (other, sizeof other), ==, expected);
}

/* Whatever its name, without a magic; but numbers must be some. */
static void
test_headers (void)
{
  guint8 zeros[PF_ARCHIVE_BYTES] = { 0 }, text[PF_ARCHIVE_BYTES];
  static const guint numbers[] = { 100, 107, 108, 116, 124, 136, 147 };
  Made made;

  make_three (&made, PF_ARCHIVE_TAR);
  check_header (made.bytes, 1, '\n', PF_ARCHIVE_TAR);
  check_header (made.bytes, 257, 0, PF_ARCHIVE_TAR);
  check_header (made.bytes, 156, 0, PF_ARCHIVE_TAR);
  check_header (made.bytes, 156, 'V', PF_ARCHIVE_TAR);
  check_header (made.bytes, 156, '-', PF_ARCHIVE_NONE);
  check_header (made.bytes, 124, 0x80, PF_ARCHIVE_TAR);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    check_header (made.bytes, numbers[i], '8', PF_ARCHIVE_NONE);
  g_assert_cmpint (kind_of (zeros, sizeof zeros), ==, PF_ARCHIVE_NONE);
  memset (text, 'a', sizeof text);
  set_sum (text);
  g_assert_cmpint (kind_of (text, sizeof text), ==, PF_ARCHIVE_NONE);
  g_free (made.bytes);
}

/* A megabyte of one byte, which takes little. What comes behind it is not
 * looked at. */
static void
test_bomb (void)
{
  const gsize len = 1 << 20;
  g_autofree char *text = g_strnfill (len, 'x'), *seen = NULL;
  Made made;
  PfTestFeed from = { .step = 1 << 16 };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_ZIP,
                               .seek = go_to,
                               .free = 1000,
                               .ratio = 100 };

  made_begin (&made, PF_ARCHIVE_ZIP, 1 << 16);
  made_add (&made, "a", AE_IFREG, text, len);
  made_add (&made, "b", AE_IFREG, "two", 3);
  made_end (&made);
  from.data = (PfSpan){ made.bytes, made.len };
  options.size = made.len;
  seen = list (&options, len);
  g_assert_true (g_str_has_suffix (
      seen, "<zip archive comes to more than 100 times its size; to use it all "
            "the same, unpack it first>;"));
  g_clear_pointer (&seen, g_free);
  options.ratio = 4000;
  from.at = 0;
  seen = list (&options, len);
  g_assert_true (g_str_has_suffix (seen, "xxx;b=two;"));
  g_free (made.bytes);
}

static void
test_many (void)
{
  Made made;
  PfTestFeed from = { .step = 1 << 16 };
  PfArchiveOptions options = { .bytes = { pf_test_feed, &from },
                               .kind = PF_ARCHIVE_TAR,
                               .most = 2 };
  g_autofree char *seen = NULL;

  make_three (&made, PF_ARCHIVE_TAR);
  from.data = (PfSpan){ made.bytes, made.len };
  seen = list (&options, 100);
  g_assert_cmpstr (seen, ==,
                   "d/a=one;b=;<tar archive has more than 2 members>");
  g_free (made.bytes);
}

static void
add_tests (void)
{
  g_test_add_data_func ("/archive/members/tar",
                        GINT_TO_POINTER (PF_ARCHIVE_TAR), test_members);
  g_test_add_data_func ("/archive/members/zip",
                        GINT_TO_POINTER (PF_ARCHIVE_ZIP), test_members);
  g_test_add_func ("/archive/zip-stream", test_zip_stream);
  g_test_add_func ("/archive/zip-cut", test_zip_cut);
  g_test_add_func ("/archive/zip-comment", test_zip_comment);
  g_test_add_func ("/archive/truncated", test_truncated);
  g_test_add_func ("/archive/read-error", test_read_error);
  g_test_add_func ("/archive/sum", test_sum);
  g_test_add_func ("/archive/headers", test_headers);
  g_test_add_func ("/archive/bomb", test_bomb);
  g_test_add_func ("/archive/many", test_many);
}

#else

static void
add_tests (void)
{
  g_assert_cmpint (kind_of ((const guint8 *)"", 0), ==, PF_ARCHIVE_NONE);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/archive/zip-kind", test_zip_kind);
  g_test_add_func ("/archive/text-is-told", test_text_is_told);
  add_tests ();
  return g_test_run ();
}
