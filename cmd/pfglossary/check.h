/* pfglossary check: all of a source or an image is looked at. */
#pragma once

/* Returns the exit code; -1: the arguments make no sense. ARGV[0] is the name
 * of the command. */
int check (int argc, char **argv);
