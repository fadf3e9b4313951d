#include "glossary/builtin.h"

static const char text[] =
#include "glossary/misspellings.inc"
    ;

PfSpan
pf_builtin_text (void)
{
  return (PfSpan){ (const guint8 *)text, sizeof text - 1 };
}
