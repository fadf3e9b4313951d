#include "glossary/batch.h"

#include <errno.h>
#include <string.h>

#include "text/unicode.h"
#include "text/utf8.h"

/* Chunks grow up to a size of which malloc gives each pages of its own, so
 * that freeing one gives them back. Pages that nobody wrote to cost nothing. */
#define CHUNK_MIN ((gsize)64 << 10)
#define CHUNK_MAX ((gsize)64 << 20)

typedef struct {
  guint8 *data;
  gsize used, size;
} Chunk;

struct PfBatch {
  PfSourceRules rules;
  const PfReadWatch *watch; /* or NULL */
  guint64 line;             /* for it */
  PfRawEntry *entries;
  gsize n, capacity;
  GArray *chunks; /* Chunk; in the order of the entries */
  guint trimmed;  /* chunks that are freed already */
};

static void
chunk_clear (gpointer data)
{
  Chunk *self = data;

  g_clear_pointer (&self->data, g_free);
}

PfBatch *
pf_batch_new (void)
{
  PfBatch *self = g_new0 (PfBatch, 1);

  self->chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  g_array_set_clear_func (self->chunks, chunk_clear);
  return self;
}

void
pf_batch_free (PfBatch *self)
{
  if (self == NULL)
    return;
  g_free (self->entries);
  g_array_unref (self->chunks);
  g_free (self);
}

void
pf_batch_set_rules (PfBatch *self, const PfSourceRules *rules)
{
  self->rules = *rules;
}

void
pf_batch_set_watch (PfBatch *self, const PfReadWatch *watch)
{
  self->watch = watch;
}

void
pf_batch_set_line (PfBatch *self, guint64 line)
{
  self->line = line;
}

void
pf_batch_tell_malformed (const PfBatch *self, const PfError *what)
{
  if (self->watch != NULL)
    self->watch->malformed (what->message, self->line, self->watch->user);
}

static gboolean
out_of_memory (PfError *error)
{
  return pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
}

/* Room for N more records. */
static gboolean
reserve (PfBatch *self, gsize n, PfError *error)
{
  gsize capacity = MAX (self->n + n, self->capacity + self->capacity / 2);
  PfRawEntry *entries;

  if (n <= self->capacity - self->n)
    return TRUE;
  capacity = MAX (capacity, 64);
  entries = g_try_realloc_n (self->entries, capacity, sizeof *entries);
  if (entries == NULL)
    return out_of_memory (error);
  self->entries = entries;
  self->capacity = capacity;
  return TRUE;
}

/* LEN bytes that stay where they are, or NULL. */
static guint8 *
take_bytes (PfBatch *self, gsize len, PfError *error)
{
  guint n = self->chunks->len;
  Chunk *last = n > 0 ? &g_array_index (self->chunks, Chunk, n - 1) : NULL;

  if (last == NULL || len > last->size - last->used) {
    gsize size = last != NULL ? MIN (2 * last->size, CHUNK_MAX) : CHUNK_MIN;
    Chunk chunk = { .size = MAX (size, len) };

    chunk.data = g_try_malloc (chunk.size);
    if (chunk.data == NULL) {
      out_of_memory (error);
      return NULL;
    }
    g_array_append_val (self->chunks, chunk);
    last = &g_array_index (self->chunks, Chunk, n);
  }
  last->used += len;
  return last->data + last->used - len;
}

PfSpan
pf_batch_trim_term (PfSpan term)
{
  const guint8 *begin = term.data, *end = term.data + term.len;
  gunichar c;

  while (begin < end) {
    guint n = pf_utf8_next (begin, end, &c);
    if (!pf_unicode_is_space (c))
      break;
    begin += n;
  }
  while (end > begin) {
    guint n = pf_utf8_prev (begin, end, &c);
    if (!pf_unicode_is_space (c))
      break;
    end -= n;
  }
  return (PfSpan){ begin, (gsize)(end - begin) };
}

static gboolean
check_lengths (const PfEntry *entry, PfError *error)
{
  if (entry->term.len == 0)
    return pf_error_set (error, PF_STATUS_DATA, "empty term");
  if (entry->term.len > PF_TERM_MAX)
    return pf_error_set (error, PF_STATUS_DATA,
                         "term of %" G_GSIZE_FORMAT " bytes is longer than %d",
                         entry->term.len, PF_TERM_MAX);
  if (entry->value.len > PF_VALUE_MAX)
    return pf_error_set (error, PF_STATUS_DATA, "value longer than %d bytes",
                         PF_VALUE_MAX);
  if (entry->label.len > PF_VALUE_MAX)
    return pf_error_set (error, PF_STATUS_DATA, "label longer than %d bytes",
                         PF_VALUE_MAX);
  return TRUE;
}

static PfRuleBits
rules_of (const PfBatch *self, const PfEntry *entry)
{
  const PfSourceRules *given = &self->rules;

  PfRuleBits bits = pf_rule_bits (
      entry->case_rule != PF_CASE_UNSET ? entry->case_rule : given->case_rule,
      entry->boundary != PF_BOUNDARY_UNSET ? entry->boundary : given->boundary,
      given->default_case == PF_CASE_IGNORE);

  return pf_rule_bits_by_default (bits, given->default_boundary);
}

static guint8 *
put (guint8 *to, PfSpan span)
{
  if (span.len > 0)
    memcpy (to, span.data, span.len);
  return to + span.len;
}

gboolean
pf_batch_add (PfBatch *self, const PfEntry *given, PfError *error)
{
  PfEntry entry = *given;
  guint8 *bytes;

  if (!pf_utf8_valid (entry.term))
    return pf_error_set (error, PF_STATUS_DATA, "term is not valid UTF-8");
  entry.term = pf_batch_trim_term (entry.term);
  if (!check_lengths (&entry, error) || !reserve (self, 1, error))
    return FALSE;
  bytes = take_bytes (self, entry.term.len + entry.value.len + entry.label.len,
                      error);
  if (bytes == NULL)
    return FALSE;
  self->entries[self->n++] =
      (PfRawEntry){ .term = bytes,
                    .term_len = (guint16)entry.term.len,
                    .value_len = (guint32)entry.value.len,
                    .label_len = (guint32)entry.label.len,
                    .rules = rules_of (self, &entry) };
  put (put (put (bytes, entry.term), entry.value), entry.label);
  if (self->watch != NULL)
    self->watch->entry (given, self->line, self->watch->user);
  return TRUE;
}

gboolean
pf_batch_append (PfBatch *self, PfBatch *other, PfError *error)
{
  if (!reserve (self, other->n, error))
    return FALSE;
  if (other->n > 0)
    memcpy (self->entries + self->n, other->entries,
            other->n * sizeof *other->entries);
  self->n += other->n;
  g_array_append_vals (self->chunks, other->chunks->data, other->chunks->len);
  g_free (g_array_steal (other->chunks, NULL));
  g_clear_pointer (&other->entries, g_free);
  other->n = other->capacity = 0;
  return TRUE;
}

gsize
pf_batch_size (const PfBatch *self)
{
  return self->n;
}

const PfRawEntry *
pf_batch_entries (const PfBatch *self)
{
  return self->entries;
}

void
pf_batch_drop (PfBatch *self, PfBatchFunc drops, gpointer user, GArray *firsts)
{
  gsize kept = 0;
  guint source = 0;

  for (gsize i = 0; i <= self->n; i++) {
    for (; source < firsts->len && g_array_index (firsts, gsize, source) == i;
         source++)
      g_array_index (firsts, gsize, source) = kept;
    if (i < self->n && !drops (&self->entries[i], user))
      self->entries[kept++] = self->entries[i];
  }
  self->n = kept;
}

static gboolean
holds (const Chunk *chunk, const guint8 *bytes)
{
  return chunk->data != NULL && bytes >= chunk->data &&
         bytes < chunk->data + chunk->used;
}

void
pf_batch_trim (PfBatch *self, gsize entry)
{
  const guint8 *bytes = self->entries[entry].term;

  while (self->trimmed < self->chunks->len) {
    Chunk *chunk = &g_array_index (self->chunks, Chunk, self->trimmed);

    if (holds (chunk, bytes))
      return;
    chunk_clear (chunk);
    self->trimmed++;
  }
}
