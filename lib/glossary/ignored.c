#include "glossary/ignored.h"

#include "text/unicode.h"
#include "text/utf8.h"

struct PfIgnored {
  GHashTable *exact;  /* GBytes, owned: terms */
  GHashTable *folded; /* GBytes, owned: the same, folded */
};

typedef struct {
  const PfIgnored *ignored;
  PfCase case_rule;
} Drop;

PfIgnored *
pf_ignored_new (void)
{
  PfIgnored *self = g_new0 (PfIgnored, 1);

  self->exact = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                       (GDestroyNotify)g_bytes_unref, NULL);
  self->folded = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify)g_bytes_unref, NULL);
  return self;
}

void
pf_ignored_free (PfIgnored *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->exact);
  g_hash_table_unref (self->folded);
  g_free (self);
}

/* (transfer full) */
static GBytes *
fold (PfSpan term)
{
  const guint8 *p = term.data, *end = pf_span_end (term);
  GByteArray *folded = g_byte_array_new ();

  while (p < end) {
    guint8 bytes[4];
    gunichar c;

    p += pf_utf8_next (p, end, &c);
    g_byte_array_append (folded, bytes,
                         pf_utf8_encode (pf_unicode_fold (c), bytes));
  }
  return g_byte_array_free_to_bytes (folded);
}

static PfSpan
term_of (const PfRawEntry *entry)
{
  return (PfSpan){ entry->term, entry->term_len };
}

void
pf_ignored_add (PfIgnored *self, PfGlossaryBuilder *terms)
{
  const PfBatch *batch = pf_glossary_builder_batch (terms);
  const PfRawEntry *entries = pf_batch_entries (batch);

  for (gsize i = 0; i < pf_batch_size (batch); i++) {
    PfSpan term = term_of (&entries[i]);

    g_hash_table_add (self->exact, g_bytes_new (term.data, term.len));
    g_hash_table_add (self->folded, fold (term));
  }
}

static gboolean
contains (GHashTable *set, GBytes *term)
{
  gboolean found = g_hash_table_contains (set, term);

  g_bytes_unref (term);
  return found;
}

static gboolean
ignores_case (const PfRawEntry *entry, PfCase case_rule)
{
  if (pf_rule_case (entry->rules) != PF_CASE_UNSET)
    case_rule = pf_rule_case (entry->rules);
  return case_rule == PF_CASE_UNSET ? pf_rule_ignores_case (entry->rules)
                                    : case_rule == PF_CASE_IGNORE;
}

static gboolean
is_ignored (const PfRawEntry *entry, gpointer user)
{
  const Drop *self = user;
  PfSpan term = term_of (entry);

  if (ignores_case (entry, self->case_rule))
    return contains (self->ignored->folded, fold (term));
  return contains (self->ignored->exact,
                   g_bytes_new_static (term.data, term.len));
}

void
pf_ignored_drop (const PfIgnored *self, PfGlossaryBuilder *builder,
                 PfCase case_rule)
{
  Drop drop = { self, case_rule };

  pf_glossary_builder_drop (builder, is_ignored, &drop);
}
