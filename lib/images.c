/* The public face of images: written, described and verified. */
#include "engine_private.h"
#include "glossary/image.h"
#include "images_private.h"
#include "match/anywhere_image.h"

PfImageFile *
pf_image_file_open (const char *path, GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfAtomicFile *file = pf_atomic_file_open (path, &failure);
  PfImageFile *self;

  if (file == NULL) {
    pf_error_prefix (&failure, path);
    return pf_error_propagate (error, &failure);
  }
  self = g_new0 (PfImageFile, 1);
  self->file = file;
  self->shown = g_strdup (path);
  return self;
}

void
pf_image_file_free (PfImageFile *self)
{
  if (self == NULL)
    return;
  pf_atomic_file_free (self->file);
  g_free (self->shown);
  g_free (self);
}

void
pf_image_file_discard (PfImageFile *self)
{
  pf_atomic_file_discard (self->file);
}

/* GLOSSARY with the rules it was opened with as its entries' own. */
static PfGlossary *
settle (const PfGlossary *glossary, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  return pf_image_add (glossary, builder, error)
             ? pf_glossary_builder_seal (builder, error)
             : NULL;
}

static gboolean
has_rules (const PfGlossary *glossary)
{
  PfSourceRules rules = pf_glossary_rules (glossary);

  return rules.case_rule != PF_CASE_UNSET ||
         rules.boundary != PF_BOUNDARY_UNSET || rules.label.len > 0;
}

static gboolean
write_image (const PfImageFile *self, const PfGlossary *glossary,
             const PfImageOptions *options, PfError *error)
{
  g_auto (PfAnywhereImage) anywhere = { 0 };

  if (options->anywhere && !pf_anywhere_image_init (&anywhere, glossary, error))
    return FALSE;
  return pf_image_write (glossary, anywhere.sections,
                         pf_atomic_file_fd (self->file), error);
}

static gboolean
write_settled (const PfImageFile *self, const PfGlossary *glossary,
               const PfImageOptions *options, PfError *error)
{
  PfGlossary *settled = settle (glossary, error);
  gboolean done =
      settled != NULL && write_image (self, settled, options, error);

  pf_glossary_unref (settled);
  return done;
}

gboolean
pf_image_file_write (PfImageFile *self, const PfGlossary *glossary,
                     const PfImageOptions *options, GError **error)
{
  static const PfImageOptions defaults;
  g_auto (PfError) failure = { 0 };
  gboolean done;

  if (options == NULL)
    options = &defaults;
  done = has_rules (glossary)
             ? write_settled (self, glossary, options, &failure)
             : write_image (self, glossary, options, &failure);
  if (done && pf_atomic_file_commit (self->file, TRUE, &failure))
    return TRUE;
  pf_error_prefix (&failure, self->shown);
  pf_error_propagate (error, &failure);
  return FALSE;
}

void
pf_glossary_facts (const PfGlossary *self, PfGlossaryFacts *facts)
{
  const PfSections *sections = pf_glossary_sections (self);
  PfImageFacts image = { 0 };

  *facts = (PfGlossaryFacts){ .entries = sections->n_entries,
                              .sources = sections->n_sources,
                              .string_bytes = sections->strings.len };
  for (gsize i = 0; i < facts->entries; i++) {
    PfEntry entry = pf_glossary_entry (self, i);

    facts->values += entry.value.len > 0;
    facts->labels += entry.label.len > 0;
    facts->term_bytes += entry.term.len;
  }
  facts->is_image = pf_image_facts (self, &image);
  facts->version = image.version;
  facts->unicode = image.unicode;
  facts->size = image.size;
  facts->sections = image.n_sections;
}

const char *
pf_glossary_section (const PfGlossary *self, guint i, gsize *len)
{
  return pf_image_section (self, i, len);
}

gboolean
pf_glossary_verify (const PfGlossary *self, GError **error)
{
  g_auto (PfError) failure = { 0 };

  if (pf_image_check (self, &failure) &&
      pf_anywhere_image_check (self, &failure))
    return TRUE;
  pf_error_propagate (error, &failure);
  return FALSE;
}
