/* The public face of glossary and scanner: plain errors become GErrors here. */
#include "engine_private.h"

#include <string.h>

#include "base/escape.h"
#include "glossary/format.h"
#include "glossary/glossary.h"
#include "glossary/source.h"
#include "text/word.h"

GQuark
pf_error_quark (void)
{
  return g_quark_from_static_string ("pf-error");
}

gpointer
pf_error_propagate (GError **error, PfError *plain)
{
  g_set_error_literal (error, PF_ERROR, plain->status, plain->message);
  pf_error_clear (plain);
  return NULL;
}

static void
report_skipped (const PfGlossaryOptions *options, const char *name,
                PfReadReport *report)
{
  if (report->skipped > 0 && options->skipped != NULL)
    options->skipped (name, report->skipped, report->first.message,
                      options->user);
  pf_read_report_clear (report);
}

/* Puts the name of the source before a message, which may begin with a line
 * number. */
static void
name_source (PfError *error, const char *name)
{
  gboolean has_line = g_ascii_isdigit (error->message[0]);
  char *longer =
      g_strconcat (name, has_line ? ":" : ": ", error->message, NULL);

  g_free (error->message);
  error->message = longer;
}

static gboolean
load_source (PfGlossaryBuilder *builder, const PfGlossaryOptions *options,
             const char *spec, PfError *error)
{
  PfReadOptions how = { .lenient = options->lenient,
                        .allow_empty = options->allow_empty };
  PfReadReport report = { 0 };
  PfSource source;
  gboolean done = FALSE;

  if (!pf_source_parse (&source, spec, error)) {
    name_source (error, spec);
  } else {
    done = pf_source_read (&source, builder, &how, &report, error);
    if (!done)
      name_source (error, strcmp (source.path, "-") == 0 ? "(standard input)"
                                                         : source.path);
    report_skipped (options, source.path, &report);
  }
  pf_source_clear (&source);
  return done;
}

static gboolean
load_terms (PfGlossaryBuilder *builder, const PfGlossaryOptions *options,
            PfError *error)
{
  PfSourceRules rules = { 0 };

  pf_glossary_builder_begin (builder, "-e", &rules);
  for (gsize i = 0; i < options->n_terms; i++) {
    PfEntry entry = { .term = pf_span_str (options->terms[i]) };

    if (!pf_glossary_builder_add (builder, &entry, error)) {
      error->status = PF_STATUS_USAGE;
      pf_error_prefix (error, "-e");
      return FALSE;
    }
  }
  return TRUE;
}

PfGlossary *
pf_glossary_load (const PfGlossaryOptions *options, GError **error)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_auto (PfError) failure = { 0 };
  PfGlossary *glossary;

  for (gsize i = 0; i < options->n_sources; i++)
    if (!load_source (builder, options, options->sources[i], &failure))
      return pf_error_propagate (error, &failure);
  if (options->n_terms > 0 && !load_terms (builder, options, &failure))
    return pf_error_propagate (error, &failure);
  glossary = pf_glossary_builder_seal (builder, &failure);
  return glossary != NULL ? glossary : pf_error_propagate (error, &failure);
}

char *
pf_glossary_source_path (const char *spec, GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfSource source;
  char *path = NULL;

  if (pf_source_parse (&source, spec, &failure)) {
    path = g_steal_pointer (&source.path);
  } else {
    name_source (&failure, spec);
    pf_error_propagate (error, &failure);
  }
  pf_source_clear (&source);
  return path;
}

char *
pf_glossary_entry_to_tsv (const PfGlossary *self, gsize i, gsize *len)
{
  PfEntry entry = pf_glossary_entry (self, i);
  GString *line = g_string_new (NULL);

  /* Exact is the default of tsv, too. */
  if (entry.case_rule == PF_CASE_UNSET &&
      pf_glossary_default_case (self, i) == PF_CASE_IGNORE)
    entry.case_rule = PF_CASE_IGNORE;
  pf_tsv_write (line, &entry);
  *len = line->len;
  return g_string_free (line, FALSE);
}

char *
pf_display_text (const char *text, gboolean terminal)
{
  GString *shown = g_string_new (NULL);

  pf_escape_name (shown, pf_span_str (text), terminal);
  return g_string_free (shown, FALSE);
}

struct PfScanner {
  PfMatcher *matcher;
  PfScratch *scratch;
  GArray *entries; /* PfEntry, of the match at hand */
};

PfMatcher *
pf_matcher_create (PfGlossary *glossary, const PfMatchOptions *options,
                   PfError *error)
{
  PfMatchRules rules = { .case_rule = options->case_rule,
                         .boundary = options->boundary,
                         .space = options->space,
                         .overlapping = options->overlapping };
  PfWordClass *words =
      pf_word_class_new (pf_span_str (options->word_chars), error);

  return words != NULL ? pf_matcher_new (glossary, words, &rules) : NULL;
}

static PfScanner *
scanner_over (PfMatcher *matcher)
{
  PfScanner *self = g_new0 (PfScanner, 1);

  self->matcher = matcher;
  self->scratch = pf_scratch_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfEntry));
  return self;
}

PfScanner *
pf_scanner_new (PfGlossary *glossary, const PfMatchOptions *options,
                GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfMatcher *matcher = pf_matcher_create (glossary, options, &failure);

  if (matcher == NULL)
    return pf_error_propagate (error, &failure);
  return scanner_over (matcher);
}

PfScanner *
pf_scanner_clone (const PfScanner *self)
{
  return scanner_over (pf_matcher_ref (self->matcher));
}

void
pf_scanner_free (PfScanner *self)
{
  if (self == NULL)
    return;
  pf_matcher_unref (self->matcher);
  pf_scratch_free (self->scratch);
  g_array_unref (self->entries);
  g_free (self);
}

typedef struct {
  PfScanner *scanner;
  PfScanFunc func;
  gpointer user;
} ScanCall;

static gboolean
on_match (const PfMatch *match, gpointer user)
{
  const ScanCall *call = user;
  GArray *entries = call->scanner->entries;
  const PfGlossary *glossary = pf_matcher_glossary (call->scanner->matcher);

  g_array_set_size (entries, match->n_entries);
  for (guint i = 0; i < match->n_entries; i++)
    g_array_index (entries, PfEntry, i) =
        pf_glossary_entry (glossary, match->entries[i]);
  return call->func (match->start, match->end, (const PfEntry *)entries->data,
                     match->n_entries, call->user);
}

void
pf_scanner_scan (PfScanner *self, PfSpan text, PfScanFunc func, gpointer user)
{
  ScanCall call = { self, func, user };

  pf_matcher_scan (self->matcher, self->scratch,
                   &(PfScan){ .text = text,
                              .from = 0,
                              .final = TRUE,
                              .func = on_match,
                              .user = &call });
}
