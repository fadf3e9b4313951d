#include "look.h"

#include <stdio.h>

#include "report.h"

static void
print_image (const PfGlossary *glossary, const PfGlossaryFacts *facts)
{
  guint64 strings = facts->term_bytes + facts->string_bytes;
  double n = (double)MAX (facts->entries, 1);

  printf ("  sources     %" G_GSIZE_FORMAT "\n"
          "  format      %u\n"
          "  Unicode     %s\n"
          "  size        %" G_GUINT64_FORMAT "\n"
          "  per entry   %.1f, of which %.1f are not its strings\n"
          "  sections\n",
          facts->sources, facts->version, facts->unicode, facts->size,
          (double)facts->size / n, ((double)facts->size - (double)strings) / n);
  for (guint i = 0; i < facts->sections; i++) {
    gsize len;
    const char *name = pf_glossary_section (glossary, i, &len);

    printf ("    %-12s %" G_GSIZE_FORMAT "\n", name, len);
  }
}

int
look_info (const PfGlossary *glossary, const char *name)
{
  PfGlossaryFacts facts;

  pf_glossary_facts (glossary, &facts);
  printf ("%s\n  entries     %" G_GSIZE_FORMAT
          "\n  with value  %" G_GSIZE_FORMAT "\n  with label  %" G_GSIZE_FORMAT
          "\n  shields     %" G_GSIZE_FORMAT
          "\n  term bytes  %" G_GUINT64_FORMAT "\n",
          name, facts.entries, facts.values, facts.labels, facts.shields,
          facts.term_bytes);
  if (facts.is_image)
    print_image (glossary, &facts);
  return finish_output ();
}

int
look_dump (const PfGlossary *glossary, const char *name G_GNUC_UNUSED)
{
  PfTextOptions options = { .format = "tsv" };
  GError *error = NULL;

  return pf_image_file_write_text (NULL, glossary, &options, &error)
             ? PF_STATUS_OK
             : report_error (error);
}
