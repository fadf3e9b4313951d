/* Delivery: where results arrive in input order, one at a time. Output,
 * messages, totals and the summary are made here and nowhere else, so none of
 * them depends on which worker was quicker.
 */
#include <string.h>

#include "run_private.h"

/* So many names on standard input that fail, and no other, are taken for a
 * document that was piped in by mistake. */
#define CONTENT_LIKE_NAMES 100
/* The memory that a delivered result may keep for another, in bytes. */
#define RESULT_KEPT ((gsize)1 << 20)

struct PfDelivery {
  PfDeliveryOptions options;
  PfSummary summary;
  char *first_failed, *first_message, *first_binary; /* owned */
  guint64 stdin_names;                               /* seen so far */
  guint64 stdin_unknown; /* of these, names of no file */
  gboolean over;         /* no more results are wanted */
  guint64 length;        /* of the output so far, in bytes */
  PfError failure;       /* what ended the run; then nothing is written */
  PfTextCounts text_counts;
  guint64 failed[PF_STATUS_PERMISSION + 1]; /* by status */
  PfFrame *frame;
  PfFolders *folders; /* NULL unless totals are by folder */
  GString *text;      /* about to be written */
};

PfDelivery *
pf_delivery_new (const PfDeliveryOptions *options)
{
  PfDelivery *self = g_new0 (PfDelivery, 1);

  self->options = *options;
  self->frame = pf_frame_new (options->config, options->format, options->page);
  if (options->config->action == PF_RUN_TOTAL && options->totals == NULL)
    self->folders = pf_folders_new (options->folder_memory);
  self->text = g_string_new (NULL);
  return self;
}

void
pf_delivery_free (PfDelivery *self)
{
  if (self == NULL)
    return;
  g_free (self->first_failed);
  g_free (self->first_message);
  g_free (self->first_binary);
  pf_error_clear (&self->failure);
  pf_frame_free (self->frame);
  pf_folders_free (self->folders);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
end_early (PfDelivery *self)
{
  self->over = TRUE;
  self->options.stop (self->options.user);
}

static void
write_bytes (PfDelivery *self, PfSpan bytes)
{
  gsize dropped = MIN (self->options.dropped, bytes.len);

  self->options.dropped -= dropped;
  bytes = pf_span_sub (bytes, dropped, bytes.len);
  self->length += bytes.len;
  if (!pf_error_is_set (&self->failure) &&
      !pf_output_write (self->options.output, bytes, &self->failure))
    end_early (self);
}

static void
write_text (PfDelivery *self)
{
  write_bytes (self,
               (PfSpan){ (const guint8 *)self->text->str, self->text->len });
  g_string_truncate (self->text, 0);
}

static void
begin (PfDelivery *self)
{
  pf_frame_begin (self->frame, self->text);
  write_text (self);
}

static void
write_records (PfDelivery *self, PfSpan records)
{
  if (pf_frame_is_plain (self->frame)) {
    write_bytes (self, records);
    return;
  }
  pf_frame_add (self->frame, self->text, records);
  write_text (self);
}

void
pf_delivery_flush (PfDelivery *self)
{
  if (!pf_error_is_set (&self->failure) &&
      !pf_output_flush (self->options.output, &self->failure))
    end_early (self);
}

/* Whether NOTE is the hundredth of a hundred names that are no files. */
static gboolean
completes_content (PfDelivery *self, const PfNote *note)
{
  if (note->stdin_number == 0 || (note->error.status != PF_STATUS_NO_INPUT &&
                                  note->error.status != PF_STATUS_PERMISSION))
    return FALSE;
  self->stdin_unknown++;
  return self->stdin_unknown == CONTENT_LIKE_NAMES &&
         note->stdin_number == CONTENT_LIKE_NAMES;
}

/* A streamed name turned out to be a file that is to be written, which must
 * stay as it is. */
static void
refuse_name (PfDelivery *self, const PfNote *note)
{
  pf_error_set (&self->failure, PF_STATUS_USAGE, "%s: %s", note->path,
                note->error.message);
  end_early (self);
}

static void
count_failure (PfDelivery *self, const PfError *error, const char *path)
{
  if (!pf_error_is_set (error))
    return;
  self->failed[error->status]++;
  if (self->summary.failed++ == 0) {
    self->summary.first_status = error->status;
    self->first_failed = g_strdup (path);
    self->first_message = g_strdup (error->message);
  }
}

static void
give_message (PfDelivery *self, const PfNote *note)
{
  const PfRunConfig *config = self->options.config;
  PfMessage message = { .path = note->path,
                        .text = note->error.message,
                        .status = note->error.status,
                        .looks_like_content = completes_content (self, note) };

  count_failure (self, &note->error, note->path);
  if (pf_error_is_set (&note->error))
    pf_frame_fail (self->frame, self->text, note);
  write_text (self);
  pf_delivery_flush (self);
  if (config->message != NULL)
    config->message (&message, config->user);
}

static void
write_result (PfDelivery *self, const PfResult *result)
{
  PfSpan bytes = { (const guint8 *)result->bytes->str, result->bytes->len };
  gsize at = 0;

  for (guint i = 0; i < result->notes->len; i++) {
    const PfNote *note = &g_array_index (result->notes, PfNote, i);

    write_records (self, pf_span_sub (bytes, at, note->at));
    at = note->at;
    if (self->over)
      return;
    if (note->error.status == PF_STATUS_USAGE) {
      refuse_name (self, note);
      return;
    }
    give_message (self, note);
  }
  write_records (self, pf_span_sub (bytes, at, bytes.len));
  if (result->flush || self->options.config->line_by_line)
    pf_delivery_flush (self);
}

static void
add_text (PfTextCounts *self, const PfTextCounts *text)
{
  self->bytes += text->bytes;
  self->matches += text->matches;
  self->tokens += text->tokens;
  self->invalid += text->invalid;
}

static void
add_folders (PfDelivery *self, const PfResult *result)
{
  for (guint i = 0; result->folders != NULL && i < result->folders->len; i++) {
    const PfFolderCount *count =
        &g_array_index (result->folders, PfFolderCount, i);

    if (!pf_error_is_set (&self->failure) &&
        !pf_folders_add (self->folders, count->folder, count->count,
                         &self->failure))
      end_early (self);
  }
}

static void
add_counts (PfDelivery *self, PfResult *result)
{
  add_text (&self->text_counts, &result->text);
  add_folders (self, result);
  self->summary.files += result->files;
  self->summary.matched += result->matched;
  if (result->counts != NULL)
    pf_totals_add_counts (self->options.totals, 0,
                          (const PfTallyCount *)result->counts->data,
                          result->counts->len);
  self->stdin_names += result->stdin_listed;
  if (self->summary.binaries == 0)
    self->first_binary = g_steal_pointer (&result->first_binary);
  self->summary.binaries += result->binaries;
  self->summary.too_large += result->too_large;
  self->summary.missing += result->missing;
}

/* With an answer, the first match or error in input order is it, and what comes
 * behind it cannot change it. */
gboolean
pf_run_ends_with (const PfRunConfig *config, const PfResult *result)
{
  if (config->action == PF_RUN_ANSWER)
    return result->first_event != PF_EVENT_NONE;
  return config->fail_fast && result->errors > 0;
}

/* Where the output goes on, what stands before all else is there. */
static void
settle_journal (PfDelivery *self)
{
  guint64 length = 0;

  if (self->options.journal == NULL || pf_error_is_set (&self->failure))
    return;
  if (!pf_run_journal_settle (self->options.journal, self->options.output,
                              &length, &self->failure))
    end_early (self);
  if (length == 0)
    return;
  self->length = length;
  self->options.dropped = 0;
  pf_frame_begin (self->frame, self->text);
  g_string_truncate (self->text, 0);
}

/* What was done before comes first, and has its place in the output. */
static gboolean
is_of_journal (const PfDelivery *self, const PfResult *result)
{
  return self->options.journal != NULL && result->bytes->len == 0 &&
         result->notes->len == 0 &&
         (result->records == NULL || result->records->len == 0);
}

static void
take_records (PfDelivery *self, const PfResult *result, guint64 base,
              gsize dropped)
{
  for (guint i = 0; result->records != NULL && i < result->records->len; i++) {
    PfResultRecord *record =
        &g_array_index (result->records, PfResultRecord, i);

    if (!pf_run_writes_files (self->options.config))
      record->file.length = base + record->at - MIN (dropped, record->at);
  }
  if (self->options.journal != NULL && !self->over &&
      !pf_run_journal_take (self->options.journal, result, self->options.output,
                            &self->failure))
    end_early (self);
}

static void
take_result (PfDelivery *self, PfResult *result)
{
  guint64 base;
  gsize dropped;

  if (!is_of_journal (self, result)) {
    settle_journal (self);
    begin (self);
    base = self->length;
    dropped = self->options.dropped;
    write_result (self, result);
    take_records (self, result, base, dropped);
  }
  add_counts (self, result);
}

void
pf_delivery_take (PfDelivery *self, PfResult *result)
{
  if (!self->over)
    take_result (self, result);
  if (!self->over && pf_run_ends_with (self->options.config, result))
    end_early (self);
  pf_result_reset (result, RESULT_KEPT);
  pf_pool_give (self->options.spare, result);
}

/* The totals that were asked for, or NULL. */
static GArray *
make_rows (const PfDelivery *self)
{
  const PfDeliveryOptions *options = &self->options;
  gboolean zero = options->config->zero;

  if (self->folders != NULL)
    return pf_rows_of_folders (self->folders);
  if (options->totals == NULL)
    return NULL;
  if (options->groups != NULL)
    return pf_rows_of_groups (options->totals, options->groups, zero);
  return pf_rows_of_terms (options->totals, options->glossary, zero);
}

static void
write_totals (PfDelivery *self)
{
  const PfRecordFormat *format = self->options.format;
  guint64 top = self->options.config->top;
  g_autoptr (GArray) rows = make_rows (self);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const PfRow *row = &g_array_index (rows, PfRow, i);

    if (top > 0 && i >= top)
      break;
    (self->options.config->group != PF_GROUP_TERM && format->group != NULL
         ? format->group
         : format->total) (self->text, row->name, row->total.count,
                           row->total.files);
    write_text (self);
  }
}

/* What a run with these SUMMARY comes to: errors come before answers. */
static PfStatus
status_of (const PfRunConfig *config, const PfSummary *summary)
{
  if (summary->first_status != PF_STATUS_OK)
    return summary->first_status;
  if ((config->check && summary->matched > 0) ||
      (config->expect && summary->matched == 0))
    return PF_STATUS_ANSWER_NO;
  return PF_STATUS_OK;
}

/* Totals, and what stands behind all records. */
static void
write_end (PfDelivery *self, gboolean complete)
{
  const PfSummary *summary = &self->summary;
  PfRecordSummary end = { .files = summary->files,
                          .matched = summary->matched,
                          .failed = summary->failed,
                          .binaries = summary->binaries,
                          .matches = self->text_counts.matches,
                          .complete = complete,
                          .exit_status = summary->status };

  begin (self);
  if (complete)
    write_totals (self);
  pf_frame_end (self->frame, self->text, &end);
  write_text (self);
}

gboolean
pf_delivery_finish (PfDelivery *self, gboolean complete, PfError *error)
{
  self->summary.status = status_of (self->options.config, &self->summary);
  self->summary.left_out = pf_frame_left_out (self->frame);
  if (complete)
    settle_journal (self);
  if (complete || self->options.journal == NULL)
    write_end (self, complete);
  if (self->options.journal != NULL && !pf_error_is_set (&self->failure))
    pf_run_journal_flush (self->options.journal, self->options.output,
                          &self->failure);
  if (!pf_error_is_set (&self->failure)) {
    if (complete)
      pf_output_commit (self->options.output, &self->failure);
    else
      pf_output_flush (self->options.output, &self->failure);
  }
  self->summary.first_failed = self->first_failed;
  self->summary.first_message = self->first_message;
  self->summary.first_binary = self->first_binary;
  self->summary.looks_like_content = self->stdin_names > 0 &&
                                     self->stdin_names < CONTENT_LIKE_NAMES &&
                                     self->stdin_unknown == self->stdin_names;
  if (!pf_error_is_set (&self->failure))
    return TRUE;
  pf_error_move (error, &self->failure);
  return FALSE;
}

const PfSummary *
pf_delivery_summary (const PfDelivery *self)
{
  return &self->summary;
}

const PfTextCounts *
pf_delivery_text (const PfDelivery *self)
{
  return &self->text_counts;
}

guint64
pf_delivery_failed (const PfDelivery *self, PfStatus status)
{
  return self->failed[status];
}
