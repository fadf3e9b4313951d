#include "sink/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/append.h"
#include "base/lock.h"
#include "base/write.h"

#define MAGIC "pfproc-journal"
#define FORMAT_VERSION 1
/* A tab and so many digits end each line. */
#define CHECK_LEN ((gsize)17)
#define N_NUMBERS 13

typedef struct {
  PfFileRecord record;
  PfJournalKind kind;
  guint64 begin; /* where its line begins in the file */
} Entry;

struct PfJournal {
  char *shown;
  int fd;
  GArray *entries; /* Entry */
  uv_mutex_t lock; /* around an append */
  guint64 end;     /* lock; of what is whole in the file */
};

static void
clear_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->record.path);
}

void
pf_journal_free (PfJournal *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_array_unref (self->entries);
  uv_mutex_destroy (&self->lock);
  g_free (self->shown);
  g_free (self);
}

/* What LINE begins at is a whole line but for its checksum. */
static void
end_line (GString *out, gsize line)
{
  guint64 check = XXH3_64bits (out->str + line, out->len - line);

  g_string_append_printf (out, "\t%016" G_GINT64_MODIFIER "x\n", check);
}

/* In what cannot break a line or a column. */
static void
append_path (GString *out, const char *path)
{
  for (const char *p = path; *p != '\0'; p++)
    if ((guint8)*p < ' ' || *p == '\\')
      g_string_append_printf (out, "\\%02x", (guint8)*p);
    else
      g_string_append_c (out, *p);
}

static char *
decode_path (const char *text)
{
  GString *path = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (*p == '\\' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2])) {
      g_string_append_c (path, (char)(g_ascii_xdigit_value (p[1]) * 16 +
                                      g_ascii_xdigit_value (p[2])));
      p += 2;
    } else
      g_string_append_c (path, *p);
  return g_string_free (path, FALSE);
}

void
pf_journal_format (GString *out, PfJournalKind kind, const PfFileRecord *record)
{
  const guint64 numbers[N_NUMBERS] = { (guint64)record->status,
                                       record->is_regular,
                                       record->id.device,
                                       record->id.inode,
                                       record->size,
                                       (guint64)record->modified.tv_sec,
                                       (guint64)record->modified.tv_nsec,
                                       record->length,
                                       (guint64)(record->matched != FALSE) |
                                           (guint64)(record->binary != FALSE)
                                               << 1,
                                       record->bytes,
                                       record->matches,
                                       record->tokens,
                                       record->invalid };
  gsize line = out->len;

  g_string_append_c (out, (char)kind);
  for (guint i = 0; i < N_NUMBERS; i++) {
    pf_append_char (out, '\t');
    pf_append_number (out, numbers[i]);
  }
  pf_append_char (out, '\t');
  append_path (out, record->path);
  end_line (out, line);
}

/* Sets ENTRY to what LINE, without its checksum, says. */
static gboolean
parse (char *line, Entry *entry)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  PfFileRecord *record = &entry->record;
  guint64 n[N_NUMBERS];

  if (g_strv_length (fields) != N_NUMBERS + 2 || strlen (fields[0]) != 1)
    return FALSE;
  for (guint i = 0; i < N_NUMBERS; i++)
    n[i] = g_ascii_strtoull (fields[i + 1], NULL, 10);
  entry->kind = (PfJournalKind)fields[0][0];
  *record = (PfFileRecord){ .path = decode_path (fields[N_NUMBERS + 1]),
                            .status = (PfStatus)n[0],
                            .is_regular = n[1] != 0,
                            .id = { TRUE, n[2], n[3] },
                            .size = n[4],
                            .modified = { (time_t)n[5], (long)n[6] },
                            .length = n[7],
                            .matched = (n[8] & 1) != 0,
                            .binary = (n[8] & 2) != 0,
                            .bytes = n[9],
                            .matches = n[10],
                            .tokens = n[11],
                            .invalid = n[12] };
  return entry->kind == PF_JOURNAL_DONE || entry->kind == PF_JOURNAL_REPLACING;
}

/* Takes the checksum off LINE; FALSE where it is another. */
static gboolean
check_line (GString *line)
{
  guint64 check;
  gsize len;

  if (line->len < CHECK_LEN || line->str[line->len - CHECK_LEN] != '\t')
    return FALSE;
  len = line->len - CHECK_LEN;
  check = g_ascii_strtoull (line->str + len + 1, NULL, 16);
  if (XXH3_64bits (line->str, len) != check)
    return FALSE;
  g_string_truncate (line, len);
  return TRUE;
}

static char *
make_head (const PfJournalOptions *options)
{
  return g_strdup_printf (MAGIC "\t%d\t%016" G_GINT64_MODIFIER
                                "x\t%016" G_GINT64_MODIFIER "x",
                          FORMAT_VERSION, options->glossary, options->options);
}

/* The head is as that of this run, or it must not go on. */
static gboolean
check_head (const PfJournalOptions *options, const char *head, PfError *error)
{
  g_autofree char *own = make_head (options);
  gsize before_options = strlen (own) - 17;

  if (strcmp (head, own) == 0)
    return TRUE;
  if (!g_str_has_prefix (head, MAGIC "\t1\t"))
    return pf_error_set (error, PF_STATUS_DATA,
                         "not a journal of this version");
  if (strncmp (head, own, before_options) == 0)
    return pf_error_set (error, PF_STATUS_USAGE,
                         "the journal is of a run with other options");
  return pf_error_set (error, PF_STATUS_DATA,
                       "the journal is of a run with another glossary");
}

/* What a read gave, line by line. */
typedef struct {
  const PfJournalOptions *options;
  FILE *file;
  GString *line;
  guint64 number; /* of lines so far */
} Reading;

/* FALSE at the end; a line without its line break is none. */
static gboolean
next_line (Reading *self)
{
  char *text = NULL;
  size_t room = 0;
  ssize_t len = getline (&text, &room, self->file);

  g_string_truncate (self->line, 0);
  if (len > 0)
    g_string_append_len (self->line, text, len);
  free (text);
  if (len <= 0 || self->line->str[len - 1] != '\n')
    return FALSE;
  g_string_truncate (self->line, self->line->len - 1);
  self->number++;
  return TRUE;
}

static gboolean
is_last (Reading *self)
{
  int c = getc (self->file);

  return c == EOF;
}

static gboolean
fail_as_damaged (const Reading *reading, PfError *error)
{
  return pf_error_set (error, PF_STATUS_DATA,
                       "the journal is damaged in line %" G_GUINT64_FORMAT,
                       reading->number);
}

static gboolean
read_records (PfJournal *self, Reading *reading, PfError *error)
{
  while (next_line (reading)) {
    Entry entry = { .begin = self->end };
    gsize len = reading->line->len + 1;

    if (!check_line (reading->line))
      return is_last (reading) || fail_as_damaged (reading, error);
    if (!parse (reading->line->str, &entry)) {
      g_free (entry.record.path);
      return fail_as_damaged (reading, error);
    }
    g_array_append_val (self->entries, entry);
    self->end += len;
  }
  return TRUE;
}

/* A journal whose head is not whole has nothing in it. */
static gboolean
read_all (PfJournal *self, Reading *reading, PfError *error)
{
  gsize len;

  if (!next_line (reading))
    return TRUE;
  len = reading->line->len + 1;
  if (!check_line (reading->line))
    return pf_error_set (error, PF_STATUS_DATA, "not a journal");
  if (!check_head (reading->options, reading->line->str, error))
    return FALSE;
  self->end = len;
  return read_records (self, reading, error);
}

static gboolean
take_up (PfJournal *self, const PfJournalOptions *options, PfError *error)
{
  Reading reading = { .options = options, .line = g_string_new (NULL) };
  int fd = dup (self->fd);
  gboolean done;

  reading.file = fd >= 0 ? fdopen (fd, "r") : NULL;
  if (reading.file == NULL) {
    pf_error_set_system (error, PF_STATUS_IO, errno);
    if (fd >= 0)
      close (fd);
    g_string_free (reading.line, TRUE);
    return FALSE;
  }
  done = read_all (self, &reading, error);
  if (done && ferror (reading.file))
    done = pf_error_set_system (error, PF_STATUS_IO, EIO);
  fclose (reading.file);
  g_string_free (reading.line, TRUE);
  return done;
}

static gboolean
truncate_to (PfJournal *self, guint64 end, PfError *error)
{
  self->end = end;
  if (ftruncate (self->fd, (off_t)end) == 0 &&
      lseek (self->fd, (off_t)end, SEEK_SET) >= 0)
    return TRUE;
  return pf_error_set_system (error, PF_STATUS_IO, errno);
}

static gboolean
begin (PfJournal *self, const PfJournalOptions *options, PfError *error)
{
  g_autofree char *head = make_head (options);
  g_autoptr (GString) line = g_string_new (head);

  end_line (line, 0);
  return pf_journal_append (
      self, (PfSpan){ (const guint8 *)line->str, line->len }, error);
}

static gboolean
open_file (PfJournal *self, const PfJournalOptions *options, PfError *error)
{
  struct stat st;

  self->fd = open (options->path,
                   O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  if (self->fd < 0 || fstat (self->fd, &st) != 0)
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  if (!S_ISREG (st.st_mode))
    return pf_error_set (error, PF_STATUS_CANT_CREATE, "not a regular file");
  if (options->resume && !take_up (self, options, error))
    return FALSE;
  return truncate_to (self, self->end, error) &&
         (self->end > 0 || begin (self, options, error));
}

PfJournal *
pf_journal_open (const PfJournalOptions *options, PfError *error)
{
  PfJournal *self = g_new0 (PfJournal, 1);

  self->shown = g_strdup (options->path);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, clear_entry);
  pf_mutex_init (&self->lock);
  if (open_file (self, options, error))
    return self;
  pf_error_prefix (error, self->shown);
  pf_journal_free (self);
  return NULL;
}

gsize
pf_journal_n (const PfJournal *self)
{
  return self->entries->len;
}

const PfFileRecord *
pf_journal_get (const PfJournal *self, gsize i, PfJournalKind *kind)
{
  const Entry *entry = &g_array_index (self->entries, Entry, i);

  if (kind != NULL)
    *kind = entry->kind;
  return &entry->record;
}

gboolean
pf_journal_cut (PfJournal *self, gsize from, PfError *error)
{
  if (from >= self->entries->len)
    return TRUE;
  if (truncate_to (self, g_array_index (self->entries, Entry, from).begin,
                   error))
    return TRUE;
  pf_error_prefix (error, self->shown);
  return FALSE;
}

/* What is written by half is taken back, or the next line would stand in it. */
gboolean
pf_journal_append (PfJournal *self, PfSpan lines, PfError *error)
{
  gboolean done;

  uv_mutex_lock (&self->lock);
  done = pf_write_all (self->fd, lines, error);
  if (done)
    self->end += lines.len;
  else {
    truncate_to (self, self->end, NULL);
    pf_error_prefix (error, self->shown);
  }
  uv_mutex_unlock (&self->lock);
  return done;
}

gboolean
pf_journal_sync (PfJournal *self, PfError *error)
{
  if (fdatasync (self->fd) == 0)
    return TRUE;
  pf_error_set_system (error, PF_STATUS_IO, errno);
  pf_error_prefix (error, self->shown);
  return FALSE;
}
