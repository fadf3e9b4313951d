#include "match/entry_rules.h"

static PfEntryRules
resolve (const PfSourceRules *source, const PfMatchRules *run, PfRuleBits bits)
{
  PfCase case_rule = pf_rule_case (bits);
  PfBoundary boundary = pf_rule_boundary (bits);

  if (case_rule == PF_CASE_UNSET)
    case_rule = source->case_rule;
  if (case_rule == PF_CASE_UNSET)
    case_rule = run->case_rule;
  if (case_rule == PF_CASE_UNSET)
    case_rule = pf_rule_ignores_case (bits) ? PF_CASE_IGNORE : PF_CASE_EXACT;
  if (boundary == PF_BOUNDARY_UNSET)
    boundary = source->boundary;
  if (boundary == PF_BOUNDARY_UNSET)
    boundary = run->boundary;
  if (boundary == PF_BOUNDARY_UNSET)
    boundary = pf_rule_default_boundary (bits);
  return (PfEntryRules){ (guint8)case_rule, (guint8)boundary };
}

PfRuleTable
pf_rule_table (const PfGlossary *glossary, const PfMatchRules *rules)
{
  PfSourceRules source = pf_glossary_rules (glossary);
  PfRuleTable table;

  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++)
    table.of[bits] = resolve (&source, rules, (PfRuleBits)bits);
  return table;
}

PfRuleTable
pf_rule_table_used (const PfGlossary *glossary, const PfMatchRules *rules)
{
  const guint32 *used = pf_glossary_index (glossary)->numbers.rules;
  PfRuleTable table = pf_rule_table (glossary, rules);

  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++)
    if ((used[bits / 32] >> (bits % 32) & 1) == 0)
      table.of[bits] = (PfEntryRules){ 0, 0 };
  return table;
}
