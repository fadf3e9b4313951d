/* How entries are to be matched, by what they say themselves: of several rules
 * the nearest wins, that of the entry, then that given with its glossary, then
 * that of the run, then the default. Pure functions: any thread.
 */
#pragma once

#include "match/matcher.h"

/* With nothing left unset. */
typedef struct {
  guint8 case_rule; /* PfCase */
  guint8 boundary;  /* PfBoundary */
} PfEntryRules;

/* By the rule bits of an entry. */
typedef struct {
  PfEntryRules of[PF_RULE_BITS_MAX];
} PfRuleTable;

/* For the entries of GLOSSARY in a run with these RULES. */
PfRuleTable pf_rule_table (const PfGlossary *glossary,
                           const PfMatchRules *rules);

/* The same, with zeros where GLOSSARY says that no entry has these bits: where
 * it is equal for two runs, so are the rules of all entries. */
PfRuleTable pf_rule_table_used (const PfGlossary *glossary,
                                const PfMatchRules *rules);
