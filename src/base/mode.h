/* Who may open what is made: its owner, and where an operator has given the folder to a group (setgid, for a web server that sends files by
 * itself) that group may read. Any thread. */
#pragma once

#include <sys/types.h>

/* For something new at `path`, below `directory` as with openat(): 0700, or 0750 in a folder that is setgid. The bits for a file: & 0640. */
mode_t cv_mode_below (int directory, const char *path);
