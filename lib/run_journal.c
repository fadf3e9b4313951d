/* What a run has done, kept in a journal, and what of it another need not do.
 *
 *   worker ──record──▶ result ──▶ delivery ──output is flushed──▶ journal
 *      └───── a file is about to be replaced ──────────────────────▲
 *
 * With one output, what was done is done as far as the list, the inputs and the
 * journal agree from the start: there the output is cut, and all behind it is
 * done anew. Where each input becomes a file, each is done or not. An edited
 * file must not be edited again, so what it will be is in the journal before it
 * is that.
 *
 * What is done is not worked, but goes its way as any other input, with the
 * counts that it had.
 */
#include <string.h>
#include <sys/stat.h>
#include <uv.h>
#include <xxhash.h>

#include "run_private.h"
#include "sink/journal.h"
#include "sink/tree.h"

/* So many bytes of lines are kept at most, and for so long, in nanoseconds. */
#define LINES_MOST ((gsize)32 << 10)
#define LINES_AGE ((guint64)200 * 1000 * 1000)

struct PfRunJournal {
  const PfRunConfig *config;
  PfJournal *journal;
  /* PfFileId (owned), of the file or of its name -> number of its last record
   * and 1; constant. */
  GHashTable *records;

  gsize n_followed; /* the lister's, until it goes another way */
  gboolean strays;  /* the lister's: an input is not as the journal has it */

  gboolean is_settled; /* the delivery's, as the next */
  GString *lines;
  guint64 written_at; /* when lines were written last */
};

static void
add_span (XXH3_state_t *state, PfSpan span)
{
  guint64 len = span.len;

  XXH3_64bits_update (state, &len, sizeof len);
  XXH3_64bits_update (state, span.data, span.len);
}

/* Of all that its entries say. */
static guint64
checksum_of_glossary (const PfGlossary *glossary)
{
  XXH3_state_t *state = XXH3_createState ();
  guint64 sum;

  XXH3_64bits_reset (state);
  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfEntry entry = pf_glossary_entry (glossary, (guint32)i);
    guint8 rules[] = { (guint8)entry.case_rule, (guint8)entry.boundary };

    add_span (state, entry.term);
    add_span (state, entry.value);
    add_span (state, entry.label);
    add_span (state, entry.glossary);
    add_span (state, (PfSpan){ rules, sizeof rules });
  }
  sum = XXH3_64bits_digest (state);
  XXH3_freeState (state);
  return sum;
}

static gboolean
refuse (const PfRunConfig *config, const char *why, PfError *error)
{
  return pf_error_set (error, PF_STATUS_USAGE, "%s: %s", config->journal, why);
}

gboolean
pf_run_journal_check (const PfRunConfig *config, PfError *error)
{
  PfFileId output = pf_run_output_id (config), file;

  if (config->journal == NULL)
    return TRUE;
  if (config->format == PF_FORMAT_SARIF)
    return refuse (config, "a document in SARIF cannot be taken up again",
                   error);
  for (gsize i = 0; i < config->n_inputs; i++)
    if (!config->inputs[i].is_list && strcmp (config->inputs[i].name, "-") == 0)
      return refuse (config,
                     "a document on standard input cannot be taken up again",
                     error);
  file = pf_run_file_id (config->journal);
  if (config->output != NULL && strcmp (config->output, config->journal) == 0)
    return refuse (config, "the journal is also the output", error);
  if (!file.is_set)
    return TRUE;
  if (pf_file_id_equal (&file, &output))
    return refuse (config, "the journal is also the output", error);
  if (pf_run_protects (config, &file))
    return refuse (config, "the journal is also a glossary", error);
  return !pf_run_reads (config, &file) ||
         refuse (config, "the journal is also an input", error);
}

static void
note_record (PfRunJournal *self, const PfFileId *id, gsize i)
{
  g_hash_table_insert (self->records, g_memdup2 (id, sizeof *id),
                       GSIZE_TO_POINTER (i + 1));
}

static void
note_records (PfRunJournal *self)
{
  for (gsize i = 0; i < pf_journal_n (self->journal); i++) {
    PfJournalKind kind;
    const PfFileRecord *record = pf_journal_get (self->journal, i, &kind);
    PfFileId name = pf_run_name_id (record->path);

    note_record (self, &name, i);
    if (self->config->in_place)
      note_record (self, &record->id, i);
  }
}

PfRunJournal *
pf_run_journal_open (const PfRunConfig *config, PfError *error)
{
  const char *words =
      config->journal_options != NULL ? config->journal_options : "";
  PfJournalOptions options = { .path = config->journal,
                               .glossary =
                                   checksum_of_glossary (config->glossary),
                               .options = XXH3_64bits (words, strlen (words)),
                               .resume = config->resume };
  PfJournal *journal = pf_journal_open (&options, error);
  PfRunJournal *self;

  if (journal == NULL)
    return NULL;
  self = g_new0 (PfRunJournal, 1);
  self->config = config;
  self->journal = journal;
  self->records = g_hash_table_new_full (pf_file_id_hash, pf_file_id_key_equal,
                                         g_free, NULL);
  self->lines = g_string_new (NULL);
  note_records (self);
  return self;
}

void
pf_run_journal_free (PfRunJournal *self)
{
  if (self == NULL)
    return;
  pf_journal_free (self->journal);
  g_hash_table_unref (self->records);
  g_string_free (self->lines, TRUE);
  g_free (self);
}

static gboolean
is_as_it_was (const PfFileRecord *record, const char *name)
{
  struct stat st;

  return record->status == PF_STATUS_OK && stat (name, &st) == 0 &&
         pf_file_record_is_of (record, &st);
}

gboolean
pf_run_journal_follows (PfRunJournal *self, const PfListed *listed)
{
  const PfFileRecord *record;

  if (self->strays || pf_run_writes_files (self->config))
    return FALSE;
  self->strays = listed->error != NULL || listed->is_stdin ||
                 self->n_followed == pf_journal_n (self->journal);
  if (self->strays)
    return FALSE;
  record = pf_journal_get (self->journal, self->n_followed, NULL);
  self->strays = strcmp (record->path, listed->name) != 0 ||
                 !is_as_it_was (record, listed->name);
  self->n_followed += !self->strays;
  return !self->strays;
}

static const PfFileRecord *
find (const PfRunJournal *self, const PfFileId *id)
{
  gsize i = GPOINTER_TO_SIZE (g_hash_table_lookup (self->records, id));

  return i > 0 ? pf_journal_get (self->journal, i - 1, NULL) : NULL;
}

/* Whether what became of the input at NAME is there, too. */
static gboolean
has_output (const PfRunJournal *self, const PfFileRecord *record,
            const char *name)
{
  g_autofree char *place = pf_tree_place (name, NULL);
  g_autofree char *path = NULL;
  struct stat st;

  if (record->binary)
    return TRUE;
  if (place == NULL)
    return FALSE;
  path = g_build_filename (self->config->output_dir, place, NULL);
  return lstat (path, &st) == 0 && S_ISREG (st.st_mode) &&
         (guint64)st.st_size == record->length;
}

static const PfFileRecord *
find_state (const PfRunJournal *self, const PfFileId *id, const struct stat *st)
{
  const PfFileRecord *record = find (self, id);

  return record != NULL && record->status == PF_STATUS_OK &&
                 pf_file_record_is_of (record, st)
             ? record
             : NULL;
}

/* Under another name of the same file, or the same name of a copy. */
static const PfFileRecord *
find_edited (const PfRunJournal *self, const char *name)
{
  const PfFileRecord *record;
  struct stat st;
  PfFileId id;

  if (stat (name, &st) != 0)
    return NULL;
  id = pf_file_id_of (&st);
  record = find_state (self, &id, &st);
  if (record != NULL)
    return record;
  id = pf_run_name_id (name);
  return find_state (self, &id, &st);
}

const PfFileRecord *
pf_run_journal_find (const PfRunJournal *self, const PfName *name)
{
  const PfFileRecord *record;
  PfFileId id;

  if (pf_journal_n (self->journal) == 0 || name->error != NULL ||
      name->is_stdin)
    return NULL;
  if (self->config->in_place)
    return find_edited (self, name->name);
  if (self->config->output_dir == NULL && !name->is_done)
    return NULL;
  id = pf_run_name_id (name->name);
  record = find (self, &id);
  if (record == NULL || name->is_done)
    return record;
  return is_as_it_was (record, name->name) &&
                 has_output (self, record, name->name)
             ? record
             : NULL;
}

gboolean
pf_run_journal_settle (PfRunJournal *self, PfOutput *output, guint64 *length,
                       PfError *error)
{
  *length = 0;
  if (self->is_settled || pf_run_writes_files (self->config))
    return TRUE;
  self->is_settled = TRUE;
  if (self->n_followed > 0)
    *length =
        pf_journal_get (self->journal, self->n_followed - 1, NULL)->length;
  return pf_output_cut (output, *length, error) &&
         pf_journal_cut (self->journal, self->n_followed, error);
}

gboolean
pf_run_journal_flush (PfRunJournal *self, PfOutput *output, PfError *error)
{
  PfSpan lines = { (const guint8 *)self->lines->str, self->lines->len };
  gboolean done;

  self->written_at = uv_hrtime ();
  if (lines.len == 0)
    return TRUE;
  done = pf_output_flush (output, error) &&
         pf_journal_append (self->journal, lines, error);
  g_string_truncate (self->lines, 0);
  return done;
}

gboolean
pf_run_journal_take (PfRunJournal *self, const PfResult *result,
                     PfOutput *output, PfError *error)
{
  for (guint i = 0; result->records != NULL && i < result->records->len; i++) {
    const PfResultRecord *record =
        &g_array_index (result->records, PfResultRecord, i);

    pf_journal_format (self->lines, PF_JOURNAL_DONE, &record->file);
  }
  return (self->lines->len < LINES_MOST &&
          uv_hrtime () - self->written_at < LINES_AGE) ||
         pf_run_journal_flush (self, output, error);
}

void
pf_run_journal_begin_input (PfWork *work)
{
  work->state = (struct stat){ 0 };
  work->written = 0;
  work->parts_before = work->n_parts;
  work->text_before = work->result->text;
  work->matched_before = work->result->matched;
  work->binaries_before = work->result->binaries;
}

/* What the input came to so far; a result that was handed on began anew. */
static PfFileRecord
make_record (const PfWork *work)
{
  const PfResult *result = work->result;
  gboolean same = work->n_parts == work->parts_before;
  PfTextCounts zero = { 0 };
  const PfTextCounts *before = same ? &work->text_before : &zero;
  PfFileRecord record = { .path = g_strdup (work->path),
                          .length = work->written };

  pf_file_record_set_state (&record, &work->state);
  record.matched = result->matched > (same ? work->matched_before : 0);
  record.binary = result->binaries > (same ? work->binaries_before : 0);
  record.bytes = result->text.bytes - before->bytes;
  record.matches = result->text.matches - before->matches;
  record.tokens = result->text.tokens - before->tokens;
  record.invalid = result->text.invalid - before->invalid;
  return record;
}

void
pf_run_journal_end_input (PfWork *work, const PfError *error)
{
  PfFileRecord record;

  if (work->run->journal == NULL)
    return;
  record = make_record (work);
  record.status = error->status;
  pf_result_add_record (work->result, &record);
}

gboolean
pf_run_journal_replace (PfWork *work, const struct stat *new_state,
                        PfError *error)
{
  g_autoptr (GString) line = NULL;
  PfFileRecord record;

  if (work->run->journal == NULL)
    return TRUE;
  work->state = *new_state;
  record = make_record (work);
  line = g_string_new (NULL);
  pf_journal_format (line, PF_JOURNAL_REPLACING, &record);
  g_free (record.path);
  return pf_journal_append (work->run->journal->journal,
                            (PfSpan){ (const guint8 *)line->str, line->len },
                            error) &&
         pf_journal_sync (work->run->journal->journal, error);
}

void
pf_run_journal_pass_over (PfWork *work, const PfFileRecord *record)
{
  PfResult *result = work->result;

  if (record->matched)
    pf_result_add_match (result);
  if (record->binary)
    pf_result_add_binary (result, work->path);
  result->text.bytes += record->bytes;
  result->text.matches += record->matches;
  result->text.tokens += record->tokens;
  result->text.invalid += record->invalid;
}
