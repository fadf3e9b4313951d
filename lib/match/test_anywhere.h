/* For tests of images that hold an index of --anywhere. */
#pragma once

#include "glossary/test_image.h"
#include "match/anywhere_image.h"

/* The image of GLOSSARY, with its index. (transfer full) */
static inline GByteArray *
pf_test_anywhere_bytes (const PfGlossary *glossary)
{
  g_auto (PfAnywhereImage) made = { 0 };

  g_assert_true (pf_anywhere_image_init (&made, glossary, NULL));
  return pf_test_image_with (glossary, made.sections);
}

/* NULL where it is refused. (transfer full) */
static inline PfGlossary *
pf_test_copy_open (const PfTestCopy *copy)
{
  return pf_image_open_bytes (pf_test_copy_span (copy), &(PfSourceRules){ 0 },
                              NULL);
}
