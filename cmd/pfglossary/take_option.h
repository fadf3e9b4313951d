/* The options of how a source is read, which several commands take. */
#pragma once

#include "pfproc.h"

/* Takes the option at ARGV[*I], with its value where that stands apart. FALSE:
 * it is none of these, or lacks its value. */
gboolean take_option (PfGlossaryOptions *options, char **argv, int *i);

/* Takes the option at ARGV[*I] where it is SHORT_NAME (or NULL) or LONG_NAME,
 * with its value, attached or apart. FALSE: it is neither, or lacks its
 * value. */
gboolean take_value (const char *short_name, const char *long_name,
                     const char **value, char **argv, int *i);

/* As take_option, for one command. */
typedef gboolean (*TakeOption) (gpointer user, char **argv, int *i);

/* As take_options, with what TAKE takes. */
int take_arguments (TakeOption take, gpointer user, int argc, char **argv);

/* Takes all options of ARGV behind ARGV[0] and moves what remains, the files,
 * to ARGV[1] and so on. How many they are; -1: an option is unknown, which has
 * been reported. */
int take_options (PfGlossaryOptions *options, int argc, char **argv);
