#include "match/view_glossary.h"

#include "glossary/builder.h"
#include "text/refang.h"

/* Quickly, for most terms. */
static gboolean
is_seen_as_it_is (const PfViewRules *rules, PfSpan term)
{
  for (gsize i = 0; i < term.len; i++)
    if (term.data[i] >= 0x80 ||
        (rules->refang && pf_refang_may_begin (term.data[i])))
      return FALSE;
  return TRUE;
}

/* TERM as it is seen, or NULL where that is the same. What is seen as nothing
 * stays what it is. (transfer full) */
static GString *
map_term (const PfViewRules *rules, PfSpan term)
{
  GString *mapped =
      is_seen_as_it_is (rules, term) ? NULL : pf_view_map (rules, term);

  if (mapped != NULL && mapped->len == 0) {
    g_string_free (mapped, TRUE);
    mapped = NULL;
  }
  return mapped;
}

/* Entries that have become the same must keep their numbers: each has its own
 * for a value. */
static gboolean
add_entry (PfGlossaryBuilder *builder, const PfViewRules *rules,
           const PfEntry *entry, guint32 number, PfError *error)
{
  GString *mapped = map_term (rules, entry->term);
  PfEntry made = { .term = entry->term,
                   .value = { (const guint8 *)&number, sizeof number },
                   .case_rule = entry->case_rule,
                   .boundary = entry->boundary };
  gboolean added;

  if (mapped != NULL)
    made.term = (PfSpan){ (const guint8 *)mapped->str, mapped->len };
  added = pf_glossary_builder_add (builder, &made, error);
  if (!added)
    pf_error_prefix (error, "a term as it is matched");
  if (mapped != NULL)
    g_string_free (mapped, TRUE);
  return added;
}

static PfGlossary *
build (PfGlossary *self, const PfViewRules *rules, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  gsize n = pf_glossary_n_entries (self);
  PfSourceRules source = { 0 };

  for (gsize i = 0; i < n; i++) {
    PfEntry entry = pf_glossary_entry (self, i);
    PfCase default_case = pf_glossary_default_case (self, i);
    PfBoundary default_boundary = pf_glossary_default_boundary (self, i);

    if (i == 0 || default_case != source.default_case ||
        default_boundary != source.default_boundary) {
      source.default_case = default_case;
      source.default_boundary = default_boundary;
      pf_glossary_builder_begin (builder, "", &source);
    }
    if (!add_entry (builder, rules, &entry, (guint32)i, error))
      return NULL;
  }
  return pf_glossary_builder_seal (builder, error);
}

static gboolean
is_mapped_already (PfGlossary *self, const PfViewRules *rules)
{
  gsize n = pf_glossary_n_entries (self);

  for (gsize i = 0; i < n; i++) {
    GString *mapped = map_term (rules, pf_glossary_entry (self, i).term);

    if (mapped == NULL)
      continue;
    g_string_free (mapped, TRUE);
    return FALSE;
  }
  return TRUE;
}

PfGlossary *
pf_view_glossary (PfGlossary *self, const PfViewRules *rules, PfError *error)
{
  if (pf_view_is_plain (rules) || is_mapped_already (self, rules))
    return pf_glossary_ref (self);
  return build (self, rules, error);
}
