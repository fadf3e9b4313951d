/* The markups, one a file; each is a PfMarkup, constant, for any thread. */
#pragma once

#include "base/markup.h"

extern const PfMarkup pf_markup_html; /* escaped; mark, or abbr with title */
extern const PfMarkup pf_markup_markdown; /* bold, with the value behind it */
extern const PfMarkup pf_markup_ansi;     /* colours of a terminal */
extern const PfMarkup pf_markup_template; /* by a template */
