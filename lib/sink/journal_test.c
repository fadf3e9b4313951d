/* A journal gives back what was put in, whole lines only, wherever it is cut.
 */
#include "sink/journal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crowd.h"
#include "base/test_folder.h"

#define N_THREADS 4
#define N_LINES 200

#define TEST(name)                                                             \
  static void test_##name (PfTestFolder *folder G_GNUC_UNUSED,                 \
                           gconstpointer data G_GNUC_UNUSED)

static const PfFileRecord sample = { .path = (char *)"a\tb\\0a\n\xff",
                                     .status = PF_STATUS_IO,
                                     .is_regular = TRUE,
                                     .id = { TRUE, 1, G_MAXUINT64 },
                                     .size = 3,
                                     .modified = { 4, 999999999 },
                                     .length = G_MAXUINT64 - 1,
                                     .matched = TRUE,
                                     .bytes = 6,
                                     .matches = 7,
                                     .tokens = 8,
                                     .invalid = 1 };

static PfJournal *
open_journal (gboolean resume, PfError *error)
{
  PfJournalOptions options = {
    .path = "j", .glossary = 1, .options = 2, .resume = resume
  };

  return pf_journal_open (&options, error);
}

static void
add (PfJournal *journal, PfJournalKind kind, const PfFileRecord *record)
{
  g_autoptr (GString) line = g_string_new (NULL);

  pf_journal_format (line, kind, record);
  g_assert_true (pf_journal_append (
      journal, (PfSpan){ (const guint8 *)line->str, line->len }, NULL));
}

static void
assert_same (const PfFileRecord *a, const PfFileRecord *b)
{
  g_assert_cmpstr (a->path, ==, b->path);
  g_assert_cmpint (a->status, ==, b->status);
  g_assert_cmpint (a->is_regular, ==, b->is_regular);
  g_assert_true (pf_file_id_equal (&a->id, &b->id));
  g_assert_cmpuint (a->size, ==, b->size);
  g_assert_cmpint (a->modified.tv_sec, ==, b->modified.tv_sec);
  g_assert_cmpint (a->modified.tv_nsec, ==, b->modified.tv_nsec);
  g_assert_cmpuint (a->length, ==, b->length);
  g_assert_cmpint (a->matched, ==, b->matched);
  g_assert_cmpint (a->binary, ==, b->binary);
  g_assert_cmpuint (a->bytes, ==, b->bytes);
  g_assert_cmpuint (a->matches, ==, b->matches);
  g_assert_cmpuint (a->tokens, ==, b->tokens);
  g_assert_cmpuint (a->invalid, ==, b->invalid);
}

static void
make (guint n)
{
  g_autoptr (PfJournal) journal = open_journal (FALSE, NULL);

  for (guint i = 0; i < n; i++) {
    PfFileRecord record = sample;

    record.size = i;
    add (journal, i % 2 == 0 ? PF_JOURNAL_DONE : PF_JOURNAL_REPLACING, &record);
  }
}

/* How many records are read. */
static gsize
count (void)
{
  g_autoptr (PfJournal) journal = open_journal (TRUE, NULL);

  g_assert_nonnull (journal);
  return pf_journal_n (journal);
}

TEST (round_trip)
{
  g_autoptr (PfJournal) journal = NULL;

  make (3);
  journal = open_journal (TRUE, NULL);
  g_assert_cmpuint (pf_journal_n (journal), ==, 3);
  for (gsize i = 0; i < 3; i++) {
    PfFileRecord wanted = sample;
    PfJournalKind kind;

    wanted.size = i;
    assert_same (pf_journal_get (journal, i, &kind), &wanted);
    g_assert_cmpint (kind, ==,
                     i % 2 == 0 ? PF_JOURNAL_DONE : PF_JOURNAL_REPLACING);
  }
}

/* Cut at each byte, it has the records whose lines are whole; and what is
 * appended then can be read. */
TEST (torn)
{
  g_autofree char *text = NULL;
  gsize len, whole = 0;

  make (3);
  g_assert_true (g_file_get_contents ("j", &text, &len, NULL));
  for (gsize cut = 0; cut <= len; cut++) {
    g_autoptr (PfJournal) journal = NULL;
    gsize n;

    if (cut > 0 && text[cut - 1] == '\n')
      whole++;
    n = whole > 0 ? whole - 1 : 0;
    g_assert_true (g_file_set_contents ("j", text, (gssize)cut, NULL));
    journal = open_journal (TRUE, NULL);
    g_assert_nonnull (journal);
    g_assert_cmpuint (pf_journal_n (journal), ==, n);
    add (journal, PF_JOURNAL_DONE, &sample);
    g_assert_cmpuint (count (), ==, n + 1);
  }
}

/* Whatever byte is another, no record is read that was not written. */
TEST (damaged)
{
  g_autofree char *text = NULL;
  gsize len;

  make (3);
  g_assert_true (g_file_get_contents ("j", &text, &len, NULL));
  for (gsize i = 0; i < len; i++) {
    g_autofree char *bad = g_memdup2 (text, len);
    g_autoptr (PfJournal) journal = NULL;

    bad[i] ^= 1;
    g_assert_true (g_file_set_contents ("j", bad, (gssize)len, NULL));
    journal = open_journal (TRUE, NULL);
    for (gsize k = 0; journal != NULL && k < pf_journal_n (journal); k++)
      g_assert_cmpstr (pf_journal_get (journal, k, NULL)->path, ==,
                       sample.path);
    g_assert_true (journal == NULL || pf_journal_n (journal) < 3);
  }
}

TEST (cut)
{
  g_autoptr (PfJournal) journal = NULL;

  make (3);
  journal = open_journal (TRUE, NULL);
  g_assert_true (pf_journal_cut (journal, 3, NULL));
  g_assert_cmpuint (count (), ==, 3);
  g_assert_true (pf_journal_cut (journal, 1, NULL));
  g_assert_cmpuint (count (), ==, 1);
  add (journal, PF_JOURNAL_DONE, &sample);
  g_assert_cmpuint (count (), ==, 2);
}

static void
assert_refused (guint64 glossary, guint64 checksum, PfStatus status)
{
  PfJournalOptions options = {
    .path = "j", .glossary = glossary, .options = checksum, .resume = TRUE
  };
  g_auto (PfError) error = { 0 };

  g_assert_null (pf_journal_open (&options, &error));
  g_assert_cmpint (error.status, ==, status);
}

TEST (others)
{
  make (1);
  assert_refused (9, 2, PF_STATUS_DATA);
  assert_refused (1, 9, PF_STATUS_USAGE);
  g_assert_cmpuint (count (), ==, 1);
  g_assert_true (g_file_set_contents ("j", "text\n", -1, NULL));
  assert_refused (1, 2, PF_STATUS_DATA);
  make (0);
  g_assert_cmpuint (count (), ==, 0);
}

static gboolean
add_lines (guint i G_GNUC_UNUSED, gpointer journal,
           PfError *error G_GNUC_UNUSED)
{
  for (guint k = 0; k < N_LINES; k++)
    add (journal, PF_JOURNAL_REPLACING, &sample);
  return TRUE;
}

TEST (threads)
{
  g_autoptr (PfJournal) journal = open_journal (FALSE, NULL);

  g_assert_true (pf_crowd (N_THREADS, add_lines, journal, NULL));
  g_assert_cmpuint (count (), ==, N_THREADS * N_LINES);
}

#define ADD(name)                                                              \
  g_test_add ("/journal/" #name, PfTestFolder, NULL, pf_test_folder_enter,     \
              test_##name, pf_test_folder_leave)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (round_trip);
  ADD (torn);
  ADD (damaged);
  ADD (cut);
  ADD (others);
  ADD (threads);
  return g_test_run ();
}
