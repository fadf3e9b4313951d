/* Strings lie end to end in one byte array and are named by offset, so that
 * the array may move while it grows; entries are fixed-size records. */
#include "glossary/glossary.h"

#include <stdatomic.h>
#include <string.h>

#include "text/unicode.h"
#include "text/utf8.h"

typedef struct {
  gsize offset;
  guint32 len;
} Slice;

typedef struct {
  Slice term, value, label;
  guint32 source;
  guint32 term_id;
  guint8 case_rule;
  guint8 boundary;
} Record;

typedef struct {
  Slice name, label;
  PfSourceRules rules;
} Source;

struct PfGlossary {
  atomic_int refs;
  GByteArray *bytes;
  GArray *records; /* Record */
  GArray *sources; /* Source */
  GArray *terms;   /* gsize: a record that has term i */
};

struct PfGlossaryBuilder {
  PfGlossary *made;
  GHashTable *terms;   /* GBytes of the term (owned) -> term_id + 1 */
  GHashTable *entries; /* GBytes that spells a whole entry (owned); of
                           the present source */
  gsize source_size;
};

static PfGlossary *
glossary_new (void)
{
  PfGlossary *self = g_new0 (PfGlossary, 1);

  atomic_init (&self->refs, 1);
  self->bytes = g_byte_array_new ();
  self->records = g_array_new (FALSE, FALSE, sizeof (Record));
  self->sources = g_array_new (FALSE, FALSE, sizeof (Source));
  self->terms = g_array_new (FALSE, FALSE, sizeof (gsize));
  return self;
}

PfGlossary *
pf_glossary_ref (PfGlossary *self)
{
  /* A new reference is made from one that is held, so nothing to order. */
  atomic_fetch_add_explicit (&self->refs, 1, memory_order_relaxed);
  return self;
}

void
pf_glossary_unref (PfGlossary *self)
{
  /* Release what this thread did, acquire what the others did, then free. */
  if (self == NULL ||
      atomic_fetch_sub_explicit (&self->refs, 1, memory_order_acq_rel) != 1)
    return;
  g_byte_array_unref (self->bytes);
  g_array_unref (self->records);
  g_array_unref (self->sources);
  g_array_unref (self->terms);
  g_free (self);
}

PfGlossaryBuilder *
pf_glossary_builder_new (void)
{
  PfGlossaryBuilder *self = g_new0 (PfGlossaryBuilder, 1);

  self->made = glossary_new ();
  self->terms = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                       (GDestroyNotify)g_bytes_unref, NULL);
  self->entries = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                         (GDestroyNotify)g_bytes_unref, NULL);
  return self;
}

void
pf_glossary_builder_free (PfGlossaryBuilder *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->terms);
  g_hash_table_unref (self->entries);
  pf_glossary_unref (self->made);
  g_free (self);
}

static Slice
store (PfGlossary *self, PfSpan span)
{
  Slice slice = { self->bytes->len, (guint32)span.len };

  if (span.len > 0)
    g_byte_array_append (self->bytes, span.data, (guint)span.len);
  return slice;
}

static PfSpan
span_of (const PfGlossary *self, Slice slice)
{
  PfSpan span = { self->bytes->data + slice.offset, slice.len };

  return slice.len > 0 ? span : (PfSpan){ NULL, 0 };
}

void
pf_glossary_builder_begin (PfGlossaryBuilder *self, const char *name,
                           const PfSourceRules *rules)
{
  Source source = { .rules = *rules };

  source.name = store (self->made, pf_span_str (name));
  source.label = store (self->made, rules->label);
  source.rules.label = (PfSpan){ NULL, 0 };
  g_array_append_val (self->made->sources, source);
  g_hash_table_remove_all (self->entries);
  self->source_size = 0;
}

/* TERM without white space at its ends; it must be valid UTF-8. */
static PfSpan
trim (PfSpan term)
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
check_entry (const PfEntry *entry, PfError *error)
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

static void
append_field (GByteArray *key, PfSpan field)
{
  guint32 len = (guint32)field.len;

  g_byte_array_append (key, (const guint8 *)&len, sizeof len);
  if (len > 0)
    g_byte_array_append (key, field.data, len);
}

/* TRUE where the present source has this very entry already. */
static gboolean
is_repeated (PfGlossaryBuilder *self, const PfEntry *entry)
{
  GByteArray *key = g_byte_array_new ();
  guint8 rules[2] = { (guint8)entry->case_rule, (guint8)entry->boundary };

  append_field (key, entry->term);
  append_field (key, entry->value);
  append_field (key, entry->label);
  g_byte_array_append (key, rules, sizeof rules);
  return !g_hash_table_add (self->entries, g_byte_array_free_to_bytes (key));
}

static guint32
intern_term (PfGlossaryBuilder *self, PfSpan term)
{
  GBytes *key = g_bytes_new (term.data, term.len);
  gpointer known = g_hash_table_lookup (self->terms, key);

  if (known != NULL) {
    g_bytes_unref (key);
    return GPOINTER_TO_UINT (known) - 1;
  }
  g_hash_table_insert (self->terms, key,
                       GUINT_TO_POINTER (self->made->terms->len + 1));
  g_array_append_val (self->made->terms, (gsize){ self->made->records->len });
  return self->made->terms->len - 1;
}

gboolean
pf_glossary_builder_add (PfGlossaryBuilder *self, const PfEntry *given,
                         PfError *error)
{
  PfEntry entry = *given;
  Record record = { 0 };

  g_assert (self->made != NULL && self->made->sources->len > 0);
  if (!pf_utf8_valid (entry.term))
    return pf_error_set (error, PF_STATUS_DATA, "term is not valid UTF-8");
  entry.term = trim (entry.term);
  if (!check_entry (&entry, error))
    return FALSE;
  /* GByteArray counts in 32 bits and ends the process beyond them. */
  if (self->made->bytes->len >
      G_MAXUINT32 / 2 - (PF_TERM_MAX + 2 * PF_VALUE_MAX))
    return pf_error_set (error, PF_STATUS_DATA,
                         "the glossaries hold more than 2 GiB of text");
  self->source_size++;
  if (is_repeated (self, &entry))
    return TRUE;
  record.source = self->made->sources->len - 1;
  record.term_id = intern_term (self, entry.term);
  record.term = store (self->made, entry.term);
  record.value = store (self->made, entry.value);
  record.label = store (self->made, entry.label);
  record.case_rule = (guint8)entry.case_rule;
  record.boundary = (guint8)entry.boundary;
  g_array_append_val (self->made->records, record);
  return TRUE;
}

gsize
pf_glossary_builder_source_size (const PfGlossaryBuilder *self)
{
  return self->source_size;
}

PfGlossary *
pf_glossary_builder_seal (PfGlossaryBuilder *self)
{
  return g_steal_pointer (&self->made);
}

gsize
pf_glossary_n_entries (const PfGlossary *self)
{
  return self->records->len;
}

guint32
pf_glossary_n_terms (const PfGlossary *self)
{
  return self->terms->len;
}

PfEntry
pf_glossary_entry (const PfGlossary *self, gsize i)
{
  const Record *record = &g_array_index (self->records, Record, i);
  const Source *source = &g_array_index (self->sources, Source, record->source);
  PfEntry entry = {
    .term = span_of (self, record->term),
    .value = span_of (self, record->value),
    .label = span_of (self, record->label),
    .glossary = span_of (self, source->name),
    .case_rule = (PfCase)record->case_rule,
    .boundary = (PfBoundary)record->boundary,
    .term_id = record->term_id,
  };

  if (entry.case_rule == PF_CASE_UNSET)
    entry.case_rule = source->rules.case_rule;
  if (entry.boundary == PF_BOUNDARY_UNSET)
    entry.boundary = source->rules.boundary;
  if (entry.label.len == 0)
    entry.label = span_of (self, source->label);
  return entry;
}

guint32
pf_glossary_entry_term_id (const PfGlossary *self, gsize i)
{
  return g_array_index (self->records, Record, i).term_id;
}

PfCase
pf_glossary_default_case (const PfGlossary *self, gsize i)
{
  const Record *record = &g_array_index (self->records, Record, i);
  const Source *source = &g_array_index (self->sources, Source, record->source);

  return source->rules.default_case == PF_CASE_UNSET
             ? PF_CASE_EXACT
             : source->rules.default_case;
}

PfSpan
pf_glossary_term (const PfGlossary *self, guint32 term_id)
{
  gsize i = g_array_index (self->terms, gsize, term_id);

  return span_of (self, g_array_index (self->records, Record, i).term);
}
