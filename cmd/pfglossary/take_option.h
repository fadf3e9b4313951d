/* The options of how a source is read, which several commands take. */
#pragma once

#include "pfproc.h"

/* Takes the option at ARGV[*I], with its value where that stands apart. FALSE:
 * it is none of these, or lacks its value. */
gboolean take_option (PfGlossaryOptions *options, char **argv, int *i);

/* Whether TEXT is an option: "-", "-:tsv" and "-,case=ignore" are standard
 * input. */
gboolean is_option (const char *text);

/* Takes all options of ARGV behind ARGV[0] and moves what remains, the files,
 * to ARGV[1] and so on. How many they are; -1: an option is unknown, which has
 * been reported. */
int take_options (PfGlossaryOptions *options, int argc, char **argv);
