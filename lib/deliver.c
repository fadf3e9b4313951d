/* Delivery: where results arrive in input order, one at a time. Output,
 * messages, totals and the summary are made here and nowhere else, so none of
 * them depends on which worker was quicker.
 */
#include <stdlib.h>
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
  gboolean has_page;     /* it was opened */
  PfError failure;       /* what ended the run; then nothing is written */
  PfTextCounts text;
  guint64 failed[PF_STATUS_PERMISSION + 1]; /* by status */
};

PfDelivery *
pf_delivery_new (const PfDeliveryOptions *options)
{
  PfDelivery *self = g_new0 (PfDelivery, 1);

  self->options = *options;
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
  if (!pf_error_is_set (&self->failure) &&
      !pf_output_write (self->options.output, bytes, &self->failure))
    end_early (self);
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

    write_bytes (self, pf_span_sub (bytes, at, note->at));
    at = note->at;
    if (self->over)
      return;
    if (note->error.status == PF_STATUS_USAGE) {
      refuse_name (self, note);
      return;
    }
    give_message (self, note);
  }
  write_bytes (self, pf_span_sub (bytes, at, bytes.len));
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
add_counts (PfDelivery *self, PfResult *result)
{
  add_text (&self->text, &result->text);
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

static void
write_text (PfDelivery *self, const GString *text)
{
  write_bytes (self, (PfSpan){ (const guint8 *)text->str, text->len });
}

static void
open_page (PfDelivery *self)
{
  const PfMarkup *page = self->options.page;
  g_autoptr (GString) text = NULL;

  if (page == NULL || self->has_page)
    return;
  self->has_page = TRUE;
  text = g_string_new (NULL);
  page->open_page (text, pf_span_str ("pfproc"));
  write_text (self, text);
}

/* Also where the run was cancelled: what was written is a page. */
static void
close_page (PfDelivery *self)
{
  g_autoptr (GString) text = NULL;

  if (self->options.page == NULL)
    return;
  open_page (self);
  text = g_string_new (NULL);
  self->options.page->close_page (text);
  write_text (self, text);
}

void
pf_delivery_take (PfDelivery *self, PfResult *result)
{
  if (!self->over) {
    open_page (self);
    write_result (self, result);
    add_counts (self, result);
  }
  if (!self->over && pf_run_ends_with (self->options.config, result))
    end_early (self);
  pf_result_reset (result, RESULT_KEPT);
  pf_pool_give (self->options.spare, result);
}

typedef struct {
  PfSpan term;
  PfTotal total;
} Row;

/* By count, descending, then by term. */
static int
compare_rows (const void *a, const void *b)
{
  const Row *x = a, *y = b;

  if (x->total.count != y->total.count)
    return x->total.count < y->total.count ? 1 : -1;
  return pf_span_compare (x->term, y->term);
}

static GArray *
sorted_rows (const PfDelivery *self)
{
  const PfGlossary *glossary = self->options.glossary;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint32 i = 0; i < pf_glossary_n_entries (glossary); i++) {
    Row row = { .total = pf_totals_get (self->options.totals, i) };

    if (row.total.count == 0)
      continue;
    row.term = pf_glossary_term (glossary, i);
    g_array_append_val (rows, row);
  }
  if (rows->len > 0)
    qsort (rows->data, rows->len, sizeof (Row), compare_rows);
  return rows;
}

static void
write_totals (PfDelivery *self)
{
  g_autoptr (GArray) rows = sorted_rows (self);
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index (rows, Row, i);

    g_string_truncate (line, 0);
    self->options.format->total (line, row->term, row->total.count,
                                 row->total.files);
    write_text (self, line);
  }
  g_string_free (line, TRUE);
}

gboolean
pf_delivery_finish (PfDelivery *self, gboolean complete, PfError *error)
{
  if (complete && self->options.totals != NULL)
    write_totals (self);
  close_page (self);
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
  return &self->text;
}

guint64
pf_delivery_failed (const PfDelivery *self, PfStatus status)
{
  return self->failed[status];
}
