#include "glossary/builtin.h"

#include "base/once.h"
#include "glossary/source.h"

static const char text[] =
#include "glossary/misspellings.inc"
    ;

PfSpan
pf_builtin_text (void)
{
  return (PfSpan){ (const guint8 *)text, sizeof text - 1 };
}

static gpointer
make_glossary (void)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfReadOptions options = { 0 };
  PfGlossary *glossary = NULL;
  PfSource source;

  if (pf_source_parse (&source, PF_BUILTIN_NAME, NULL) &&
      pf_source_read (&source, builder, &options, NULL, NULL))
    glossary = pf_glossary_builder_seal (builder, NULL);
  pf_source_clear (&source);
  return glossary;
}

PF_DEFINE_ONCE (static PfGlossary *, shared_glossary, make_glossary)

PfGlossary *
pf_builtin_glossary (void)
{
  PfGlossary *shared = shared_glossary ();

  return shared != NULL ? pf_glossary_ref (shared) : NULL;
}
