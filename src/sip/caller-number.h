/* Who calls, as far as anybody gets to know. A value; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_CALLER_NUMBER_SALT 16

typedef struct {
  char shown[16];  /* "…123", for people; "": withheld, or no number */
  char source[17]; /* stands for the number, or for the address where there is none; for limits and logs */
} CvCallerNumber;

/* `number`: what the trunk says, a user part ("+4930123456", "alice", NULL). `hidden`: people shall not see it. `salt`: of this
 * process; without it nobody can find the number of a source. */
void cv_caller_number_init (CvCallerNumber *self, const char *number, gboolean hidden, const char *address,
                            const guint8 salt[CV_CALLER_NUMBER_SALT]);

G_END_DECLS
